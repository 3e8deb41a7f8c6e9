import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { NextRun } from '../api/model';
import { absolute } from '../format/time';
import { Section } from '../ui/Section';
import { When } from '../ui/When';
import classes from './Overview.module.css';

export function NextRuns({ runs }: { runs: readonly NextRun[] }) {
  return (
    <Section
      title="Next runs"
      action={
        <Anchor component={Link} to="/policies" size="sm">
          Policies
        </Anchor>
      }
    >
      {runs.length === 0 ? (
        <p className={classes.nothing}>
          Nothing is scheduled.{' '}
          <Anchor component={Link} to="/policies/new" underline="always">
            Make a policy
          </Anchor>{' '}
          to back up every night by itself.
        </p>
      ) : (
        <ul className={classes.list}>
          {runs.map(({ policyId, policyName, at }) => (
            <li key={`${policyId} ${at}`} className={classes.item}>
              <Anchor component={Link} to={`/policies/${policyId}`} className="nj-wrap">
                {policyName}
              </Anchor>
              <span className={classes.at}>
                <When instant={at} />
                <small>{absolute(at)}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
