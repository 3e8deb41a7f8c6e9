import { Anchor, Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { plural } from '../format/bytes';
import classes from './FirstDay.module.css';

const steps = [
  {
    title: 'Say where the machine is',
    text: 'The QMP socket of QEMU or qemu-storage-daemon, or an NBD export. Nightjar tests the connection and shows the disks it finds.',
  },
  {
    title: 'Back it up once',
    text: 'The first backup reads every allocated block. From then on QEMU tracks changes, and only those are read.',
  },
  {
    title: 'Let a policy do the rest',
    text: 'Choose a schedule and how many recovery points to keep. Each of them restores on its own.',
  },
] as const;

/** What a newcomer sees: what to do, in order. */
export function FirstDay({ points }: { points: number }) {
  return (
    <section className={classes.hero} aria-labelledby="first-day">
      <span className={classes.moon} aria-hidden />
      <h2 id="first-day" className={classes.title}>
        Protect your first machine
      </h2>
      <p className={classes.lead}>
        Nothing is backed up yet. It takes a minute to add a running machine; it keeps running all the while.
      </p>
      <ol className={classes.steps}>
        {steps.map(({ title, text }) => (
          <li key={title} className={classes.step}>
            <h3 className={classes.stepTitle}>{title}</h3>
            <p className={classes.stepText}>{text}</p>
          </li>
        ))}
      </ol>
      <Button
        component={Link}
        to="/machines/new"
        size="md"
        className={classes.action ?? ''}
        rightSection={<IconArrowRight size={18} aria-hidden />}
      >
        Add a machine
      </Button>
      {points > 0 && (
        <p className={classes.more}>
          The repository still holds {plural(points, 'recovery point')} of machines that were removed.{' '}
          <Anchor component={Link} to="/points" c="inherit" underline="always">
            Show them
          </Anchor>
        </p>
      )}
    </section>
  );
}
