import type { RunState } from '../api/model';
import { StatusBadge } from '../ui/StatusBadge';
import { stateWords } from './words';

export function RunStateBadge({ state }: { state: RunState }) {
  const { text, tone } = stateWords[state];
  return <StatusBadge tone={tone}>{text}</StatusBadge>;
}
