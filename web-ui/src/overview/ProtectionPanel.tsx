import { Link } from 'react-router';
import type { MachineProtection } from '../api/model';
import { StatusBadge } from '../ui/StatusBadge';
import { byUrgency, protectionWords, verdict } from './protection';
import classes from './Overview.module.css';

/** The one thing to know in the morning: is everything protected, and if not, what. */
export function ProtectionPanel({ machines }: { machines: readonly MachineProtection[] }) {
  const { tone, text } = verdict(machines);
  return (
    <section className={classes.panel} aria-label="Protection">
      <div className={classes.sky}>
        <span className={classes.moon} data-tone={tone} aria-hidden />
        <p className={classes.verdict}>{text}</p>
      </div>
      <ul className={classes.machines}>
        {byUrgency(machines).map(({ machineId, name, state }) => (
          <li key={machineId}>
            <Link to={`/machines/${machineId}`} className={classes.machine}>
              <span className={classes.machineName}>{name}</span>
              <span title={protectionWords[state].meaning}>
                <StatusBadge tone={protectionWords[state].tone}>{protectionWords[state].text}</StatusBadge>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
