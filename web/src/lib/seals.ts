import type { Proposal } from './board';

/** Which sectors of the seal are filled: the required parties, in the order of their names, that have signed yes. */
export function sealOf(proposal: Proposal): { count: number; signed: number[] } {
  const required = [...proposal.required].sort();
  const signed = required.flatMap((party, i) => (proposal.votes.some((vote) => vote.party === party && vote.choice === 'yes') ? [i] : []));
  return { count: Math.max(1, required.length), signed };
}
