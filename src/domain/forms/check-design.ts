import { modeAtCreate } from '../access/reach.ts';
import type { Access, ObjectAccess } from '../access/types.ts';
import type { Label } from '../issue.ts';
import { mayBeSealed } from '../schema/sealed.ts';
import type { Catalog, FieldDef, FieldTypeName, ObjectDef } from '../schema/types.ts';
import type { FormDesign, FormQuestion } from './types.ts';

/** Types that somebody can answer on a page without sign-in. */
const ASKABLE = new Set<FieldTypeName>([
  'text',
  'longtext',
  'number',
  'money',
  'percent',
  'date',
  'boolean',
  'select',
  'multiselect',
  'tags',
  'tree',
  'phone',
  'email',
  'url',
  'address',
  'idcard',
  'uscc',
  'bankaccount',
]);

/** Whether a person may be asked for a field on a page without sign-in, by its nature. What is encrypted is not copied into letters and answers. */
export const isAskable = (field: FieldDef): boolean =>
  ASKABLE.has(field.type) && !mayBeSealed(field) && !field.readonly && !field.retired;

/** Fields of an object that a form made by someone with this access may ask for: what comes in is written with his permissions. */
export function formFields(object: ObjectDef, access: ObjectAccess | undefined): FieldDef[] {
  if (!access?.actions.includes('create') || object.retired) return [];
  return object.fields.filter((field) => isAskable(field) && modeAtCreate(access, field.name) === 'edit');
}

/** Objects that records of another may bring along: they belong to it and can be created. */
export function companions(catalog: Catalog, object: ObjectDef, access: Access): ObjectDef[] {
  return catalog.objects.filter(
    (other) =>
      !other.retired &&
      other.name !== object.name &&
      other.fields.some(({ name, target }) => name === other.parent && target === object.name) &&
      other.fields.some(({ name, match }) => name === other.title && match === 'person') &&
      formFields(other, access.objects[other.name]).length > 0,
  );
}

const say = (zh: string, en: string): Label => ({ zh, en });

/** What keeps a design from being published by someone with this access; nothing: it is good. */
export function designProblems(design: FormDesign, catalog: Catalog, access: Access): Label[] {
  const main = catalog.objects.find(({ name, retired }) => name === design.object && !retired);
  if (!main || formFields(main, access.objects[main.name]).length === 0)
    return [
      say(
        '您不能新建这类记录，所以不能为它做表单',
        'You may not create such records, so you can’t make a form for them',
      ),
    ];
  const also = catalog.objects.find(({ name }) => name === design.also);
  if (design.also !== undefined && !(also && companions(catalog, main, access).includes(also)))
    return [say('附带的记录不属于所选对象', 'The second record does not belong to the chosen object')];
  const objects = also ? [main, also] : [main];
  const problems: Label[] = [];
  if (design.questions.length === 0) problems.push(say('还没有问题', 'There are no questions yet'));
  const above = new Set<string>();
  const asked = new Map<string, FormQuestion>();
  for (const question of design.questions) {
    const object = objects.find(({ name }) => name === question.object);
    const field = object && formFields(object, access.objects[object.name]).find(({ name }) => name === question.field);
    const known = object?.fields.find(({ name }) => name === question.field);
    const label = question.label ?? known?.label ?? say(question.field, question.field);
    if (!field)
      problems.push(say(`“${label.zh}”不能由您的表单填写`, `“${label.en}” can’t be filled in by a form of yours`));
    const cell = `${question.object}.${question.field}`;
    if (asked.has(cell)) problems.push(say(`“${label.zh}”问了两次`, `“${label.en}” is asked twice`));
    if (above.has(question.id))
      problems.push(say(`“${label.zh}”与另一个问题混淆`, `“${label.en}” is mixed up with another question`));
    for (const { question: on } of question.when?.of ?? [])
      if (!above.has(on))
        problems.push(
          say(`“${label.zh}”的显示条件只能看它上面的问题`, `“${label.en}” can only depend on questions above it`),
        );
    asked.set(cell, question);
    above.add(question.id);
  }
  if (sensitiveAsked(design, catalog).length > 0 && !design.consent)
    problems.push(
      say(
        '问到了敏感信息，请选择征得同意的目的',
        'Sensitive details are asked, so choose the purpose that one agrees to',
      ),
    );
  return [...problems, ...missingFields(design, objects, asked), ...wrongFixed(design, main, access)];
}

/** What a record must have comes from a question that everybody sees, a fixed value, or its own default. */
function missingFields(design: FormDesign, objects: ObjectDef[], asked: Map<string, FormQuestion>): Label[] {
  const [main] = objects;
  return objects.flatMap((object) =>
    object.fields
      .filter((field) => field.required && !field.retired && field.type !== 'autonumber' && field.default === undefined)
      .filter((field) => !(object !== main && field.name === object.parent))
      .filter((field) => !(object === main && design.fixed.some((one) => one.field === field.name)))
      .flatMap((field): Label[] => {
        const question = asked.get(`${object.name}.${field.name}`);
        if (!question)
          return [say(`缺少必填的“${field.label.zh}”`, `“${field.label.en}” is required and is not asked`)];
        if (question.when)
          return [
            say(
              `“${field.label.zh}”是必填字段，不能有显示条件`,
              `“${field.label.en}” is required, so it can’t depend on others`,
            ),
          ];
        return [];
      }),
  );
}

function wrongFixed(design: FormDesign, main: ObjectDef, access: Access): Label[] {
  const mine = access.objects[main.name];
  const owner = design.owner !== undefined && main.owner !== undefined ? [{ field: main.owner }] : [];
  return [...design.fixed, ...owner].flatMap(({ field: name }): Label[] => {
    const field = main.fields.find((one) => one.name === name && !one.retired);
    if (field && !field.readonly && !mayBeSealed(field) && mine && modeAtCreate(mine, name) === 'edit') return [];
    return [
      say(
        `“${field?.label.zh ?? name}”不能由您的表单写入`,
        `“${field?.label.en ?? name}” can’t be written by a form of yours`,
      ),
    ];
  });
}

/** Fields asked for that need a consent of their own (PIPL, article 29). */
export function sensitiveAsked(design: FormDesign, catalog: Catalog): FieldDef[] {
  return design.questions.flatMap(({ object, field }) => {
    const found = catalog.objects.find(({ name }) => name === object)?.fields.find(({ name }) => name === field);
    return found?.sensitivity === 'sensitive' ? [found] : [];
  });
}
