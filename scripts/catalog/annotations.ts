import type { CatalogEntry } from '../../src-main/providers/lark/catalog-format.ts';
import type { Risk } from '../../src-main/contract/views.ts';

const readVerbs = new Set(['list', 'get', 'search', 'query', 'mget', 'find', 'filter', 'match', 'simplelist']);
const destructiveVerbs = new Set(['delete', 'del', 'remove', 'reset', 'clear', 'kickout', 'logout', 'terminate']);

const computesOnly = 'computes from its input and stores nothing';
const exportTask = 'starts an export task, although its name ends in "list"';
const runsAnything = 'runs whatever somebody put there';
const oldSearch = 'a search, although it is named "create"';
const lookUp = 'looks something up by POST';

/** Where the rule is wrong, and why. Reviewed by hand over every POST whose title speaks of reading or exporting. */
const overrides: Record<string, [Risk, reason: string]> = {
  'apaas.v1.applicationFlow.execute': ['destructive', runsAnything],
  'apaas.v1.applicationFunction.invoke': ['destructive', runsAnything],
  'apaas.v1.applicationObject.oqlQuery': ['destructive', 'the statement may be any OQL'],
  'apaas.v1.userTask.rollbackPoints': ['read', lookUp],
  'application.v6.applicationAppUsage.departmentOverview': ['read', lookUp],
  'application.v6.applicationAppUsage.messagePushOverview': ['read', lookUp],
  'application.v6.applicationAppUsage.overview': ['read', lookUp],
  'application.v6.applicationVisibility.checkWhiteBlackList': ['read', lookUp],
  'approval.v4.externalInstance.check': ['read', lookUp],
  'approval.v4.instance.preview': ['read', lookUp],
  'baike.v1.entity.extract': ['read', computesOnly],
  'baike.v1.entity.highlight': ['read', computesOnly],
  'calendar.v4.calendar.primary': ['read', lookUp],
  'cardkit.v1.card.idConvert': ['read', computesOnly],
  'corehr.v1.commonDataId.convert': ['read', computesOnly],
  'corehr.v1.leave.workCalendar': ['read', lookUp],
  'corehr.v1.leave.workCalendarDate': ['read', lookUp],
  'corehr.v2.approvalGroups.openQueryDepartmentChangeListByIds': ['read', lookUp],
  'corehr.v2.approvalGroups.openQueryJobChangeListByIds': ['read', lookUp],
  'corehr.v2.department.parents': ['read', lookUp],
  'corehr.v2.department.tree': ['read', lookUp],
  'corehr.v2.employeesAdditionalJob.batch': ['read', lookUp],
  'corehr.v2.workforcePlanDetail.batch': ['read', lookUp],
  'corehr.v2.workforcePlanDetail.batchV2': ['read', lookUp],
  'docx.v1.document.convert': ['read', computesOnly],
  'drive.v1.permissionMember.transferOwner': ['destructive', 'the owner cannot take the document back'],
  'hire.v1.referralAccount.withdraw': ['destructive', 'pays money out'],
  'lingo.v1.entity.highlight': ['read', computesOnly],
  'optical_char_recognition.v1.image.basicRecognize': ['read', computesOnly],
  'search.v2.app.create': ['read', oldSearch],
  'search.v2.message.create': ['read', oldSearch],
  'speech_to_text.v1.speech.fileRecognize': ['read', computesOnly],
  'speech_to_text.v1.speech.streamRecognize': ['read', computesOnly],
  'translation.v1.text.detect': ['read', computesOnly],
  'translation.v1.text.translate': ['read', computesOnly],
  'vc.v1.meeting.end': ['destructive', 'ends the meeting for everybody in it'],
  'vc.v1.export.meetingList': ['write', exportTask],
  'vc.v1.export.participantList': ['write', exportTask],
  'vc.v1.export.participantQualityList': ['write', exportTask],
  'vc.v1.export.resourceReservationList': ['write', exportTask],
};

export const overriddenNames: readonly string[] = Object.keys(overrides);

/** Whether a tool reads, writes or destroys. */
export function riskOf(name: string, method: string): Risk {
  const reviewed = overrides[name];
  if (reviewed) return reviewed[0];
  const words = verbWords(name);
  // batchDelete, batchGet: the word after "batch" is the verb.
  const verb = words[0] === 'batch' ? words[1] : words[0];
  if (method === 'GET') return 'read';
  if (method === 'DELETE' || destructiveVerbs.has(verb ?? '')) return 'destructive';
  if (readVerbs.has(verb ?? '') || readVerbs.has(words.at(-1) ?? '')) return 'read';
  return 'write';
}

/** The MCP annotations of a tool. */
export function annotationsOf(risk: Risk, method: string): CatalogEntry['annotations'] {
  return {
    readOnlyHint: risk === 'read',
    destructiveHint: risk === 'destructive',
    // POST creates again each time; the others lead to the same state however often they are sent (RFC 9110 9.2.2).
    idempotentHint: risk === 'read' || method !== 'POST',
    // What comes back was written by anybody who can write in Feishu.
    openWorldHint: true,
  };
}

/** "im.v1.message.batchGet" ends in the words batch, get. */
function verbWords(name: string): string[] {
  const last = name.split('.').at(-1) ?? '';
  return last.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
}
