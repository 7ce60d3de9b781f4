package dev.atelier.tuning;

/**
 * What is known of a trial's losses after an epoch.
 *
 * @param loss of the epoch itself
 * @param total of all losses so far, and {@code carry} what rounding has lost of it (Neumaier's summation, by which
 *     SQLite averages, too)
 * @param least of all losses so far
 */
record Losses(int epoch, double loss, double total, double carry, double least) {
  static final Losses NONE = new Losses(0, 0, 0, 0, Double.POSITIVE_INFINITY);
  private static final int ALL = 1_000;

  Losses and(double next) {
    double sum = total + next;
    double lost = Math.abs(total) >= Math.abs(next) ? total - sum + next : next - sum + total;
    return new Losses(epoch + 1, next, sum, Double.isFinite(lost) ? carry + lost : carry, Math.min(least, next));
  }

  /**
   * Whether trials are compared after an epoch: after each of the first 1,000, then of every tenth, from 10,000 on of
   * every hundredth, and so on, since a program may write its objective after every batch.
   */
  static boolean compared(int epoch) {
    int step = 1;
    for (int rest = epoch; rest > ALL; rest /= 10) {
      step *= 10;
    }
    return epoch % step == 0;
  }
}
