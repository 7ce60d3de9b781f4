package dev.atelier.kernel;

import java.util.HashMap;
import java.util.Map;

/**
 * An error answer meant for the caller: AWS's code and wording, the HTTP status, and members that the modelled error
 * carries beside its message. Protocols render it, once each; anything thrown that is no Fault is an InternalFailure.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;
  private final transient Map<String, Object> members;
  private final transient Map<String, String> headers;

  public Fault(String code, int status, String message) {
    this(code, status, message, Map.of());
  }

  public Fault(String code, int status, String message, Map<String, Object> members) {
    this(code, status, message, members, Map.of());
  }

  private Fault(String code, int status, String message, Map<String, Object> members, Map<String, String> headers) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
    this.members = Map.copyOf(members);
    this.headers = Map.copyOf(headers);
  }

  /** The same with headers of the answer, beside those that every answer has. */
  public Fault withHeaders(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(more);
    return new Fault(code, status, getMessage(), members, all);
  }

  /** AWS's error code, such as {@code ValidationException}. */
  public String code() {
    return code;
  }

  /** The HTTP status of the answer; below 500 the caller is to blame. */
  public int status() {
    return status;
  }

  /** Members of the modelled error beside its message, by their model names. */
  public Map<String, Object> members() {
    return members;
  }

  /** Headers of the answer, beside those that every answer has. */
  public Map<String, String> headers() {
    return headers;
  }

  public static Fault validation(String message) {
    return new Fault("ValidationException", 400, message);
  }

  public static Fault accessDenied(String message) {
    return new Fault("AccessDeniedException", 400, message);
  }

  public static Fault resourceInUse(String message) {
    return new Fault("ResourceInUse", 400, message);
  }

  public static Fault resourceNotFound(String message) {
    return new Fault("ResourceNotFound", 400, message);
  }

  public static Fault limitExceeded(String message) {
    return new Fault("ResourceLimitExceeded", 400, message);
  }

  /** The answer of an operation that is parsed, authorised and validated, but not built. */
  public static Fault unsupportedOperation(String service, String operation) {
    String message = "The operation " + service + ":" + operation + " is not supported by this version of Atelier.";
    // S3 has a code of its own for what it knows and does not do; its clients do not repeat such requests
    return service.equals("s3") ? new Fault("NotImplemented", 501, message)
        : new Fault("UnsupportedOperation", 400, message);
  }
}
