package dev.atelier.training;

/** What can happen to a training job. */
enum TrainingEvent {
  /** The machine is full: the job waits its turn. */
  QUEUED,
  /** Capacity was granted and the image is ready. */
  PREPARED,
  /** The program of the first host runs. */
  STARTED,
  /** Every host's program ended with exit code 0. */
  EXITED_WELL,
  /** A host's program ended otherwise. */
  EXITED_BADLY,
  /** The job was stopped before a program ran. */
  NEVER_STARTED,
  /** Somebody asked for the stop. */
  STOP,
  /** The longest run time has passed. */
  EXPIRE,
  /** The longest time that a job on spot instances may take, waiting included, has passed. */
  WAITED_OUT,
  /** The longest time that a job may wait for its instances has passed. */
  PENDED_OUT,
  /** The spot instances are taken away. */
  INTERRUPT,
  /** The hosts are lost, by no fault of the program. */
  LOST,
  /** The hosts of an attempt are gone, their checkpoints stored. */
  RECLAIMED,
  /** What the program left is stored. */
  COLLECTED,
  /** The platform cannot go on; the reason is told with the event. */
  BROKEN
}
