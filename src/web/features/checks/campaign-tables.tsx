import { useLang } from '../../i18n/core.ts';
import { percentWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import type { Campaign } from './campaigns.tsx';
import { useCheckText } from './texts.ts';

/** Completion of everybody whom records fell to; in a re-check, how the finds of the first verifiers held. */
export function CampaignTables({ campaign }: { campaign: Campaign }) {
  const t = useCheckText();
  const lang = useLang();
  const n = (value: number) => formatNumber(value, lang);
  const owners = campaign.byOwner.filter((one) => one.person !== null || campaign.kind !== 'recheck');
  return (
    <>
      {owners.length > 0 && (
        <details>
          <summary>{t('by-owner')}</summary>
          <table className="xk-plain-table">
            <thead>
              <tr>
                <th scope="col">{t('col-person')}</th>
                <th scope="col">{t('col-records')}</th>
                <th scope="col">{t('col-done')}</th>
              </tr>
            </thead>
            <tbody>
              {owners.map((one) => (
                <tr key={one.person}>
                  <th scope="row">{one.person === null ? t('nobody') : one.name}</th>
                  <td>{n(one.records)}</td>
                  <td>
                    {n(one.done)} <span className="xk-muted">{percentWords(one.done / Math.max(1, one.records))}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      {campaign.byVerifier.length > 0 && (
        <details>
          <summary>{t('by-verifier')}</summary>
          <table className="xk-plain-table">
            <thead>
              <tr>
                <th scope="col">{t('col-verifier')}</th>
                <th scope="col">{t('col-rechecked')}</th>
                <th scope="col">{t('col-held')}</th>
              </tr>
            </thead>
            <tbody>
              {campaign.byVerifier.map((one) => (
                <tr key={one.actor}>
                  <th scope="row">{one.name}</th>
                  <td>{n(one.checked)}</td>
                  <td>
                    {n(one.right)}{' '}
                    <span className="xk-muted">{percentWords(one.right / Math.max(1, one.checked))}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}
