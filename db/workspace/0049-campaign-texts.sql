-- Text messages by a provider that takes them over HTTP (docs/decisions/0040): one more kind of channel. Every workspace finds it so.
alter table xianke.channel drop constraint if exists channel_kind_check;
alter table xianke.channel add constraint channel_kind_check
  check (kind in ('mail', 'sms', 'wecom', 'dingtalk', 'feishu', 'webhook'));

-- Letters on the way, whatever became of their campaign.
create index campaign_recipient_queued on campaign_recipient (campaign) where state = 'queued';
