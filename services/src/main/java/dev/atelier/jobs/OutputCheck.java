package dev.atelier.jobs;

import dev.atelier.kernel.Fault;

/** Says of what a job asks for its outputs, before its program runs, why it cannot be had and what to do. */
public final class OutputCheck {
  private OutputCheck() {}

  /**
   * Asks whether something can be stored.
   *
   * @param what the part of the request that asks for it
   * @param uri where, as the request has it
   * @throws Fault ValidationException: {@code check} threw one, whose message is told
   */
  public static void target(String what, String uri, Runnable check) {
    named(what + " cannot be stored at " + uri, check);
  }

  /** As {@link #target}, whether a key can be used. */
  public static void key(String what, String key, Runnable check) {
    named("The " + what + " " + key + " cannot be used", check);
  }

  private static void named(String lack, Runnable check) {
    try {
      check.run();
    } catch (Fault e) {
      String why = String.valueOf(e.getMessage());
      throw Fault.validation(lack + ": " + (why.endsWith(".") ? why.substring(0, why.length() - 1) : why)
          + advice(String.valueOf(e.code())));
    }
  }

  private static String advice(String code) {
    if (code.equals("NoSuchBucket")) {
      return ". Create the bucket, or name another.";
    }
    if (code.startsWith("AccessDenied")) {
      return ". Give the job's role this right, or name another place or key.";
    }
    return code.startsWith("KMS.") || code.equals("NotFoundException") || code.equals("DisabledException")
        || code.startsWith("KMSInvalidState") ? ". Name a key that exists in this region and is enabled." : ".";
  }
}
