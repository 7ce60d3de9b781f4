package dev.atelier.notebook;

/** Runs notebook instances. */
interface NotebookRunner {
  /**
   * Begins what the notebook instance's state asks for, and returns at once. What is to be done follows from the state
   * alone and may be asked again; events go to {@link Notebooks#happened}.
   */
  void act(NotebookInstance notebook);
}
