package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * S3's DeleteObjects asks for rights object by object: what may not be deleted becomes an error of its own in the answer,
 * and the rest is deleted.
 *
 * @param input the request without the refused objects
 * @param refused the errors of the refused ones
 * @param empty whether nothing is left to delete
 */
record BulkDeletion(Map<String, Object> input, List<Object> refused, boolean empty) {

  static boolean is(OperationModel operation) {
    return operation.service().equals("s3") && operation.name().equals("DeleteObjects");
  }

  /** @param refusal why an object may not be deleted; empty when it may */
  static BulkDeletion of(Map<String, Object> request, Function<Map<?, ?>, Optional<Fault>> refusal) {
    List<Object> refused = new ArrayList<>();
    List<Object> left = new ArrayList<>();
    if (!(request.get("Delete") instanceof Map<?, ?> delete && delete.get("Objects") instanceof List<?> objects)) {
      return new BulkDeletion(request, refused, false);
    }
    for (Object each : objects) {
      Map<?, ?> object = (Map<?, ?>) each;
      refusal.apply(object).ifPresentOrElse(fault -> refused.add(error(object, fault)), () -> left.add(object));
    }
    Map<String, Object> narrowed = new LinkedHashMap<>(request);
    Map<Object, Object> deletion = new LinkedHashMap<>(delete);
    deletion.put("Objects", left);
    narrowed.put("Delete", deletion);
    return new BulkDeletion(narrowed, refused, left.isEmpty() && !refused.isEmpty());
  }

  /** The answer with the errors of the refused objects. */
  Map<String, Object> answer(Map<String, Object> output) {
    Map<String, Object> answer = new LinkedHashMap<>(output);
    List<Object> errors = new ArrayList<>(refused);
    if (output.get("Errors") instanceof List<?> others) {
      errors.addAll(others);
    }
    answer.put("Errors", errors);
    return answer;
  }

  private static Map<String, Object> error(Map<?, ?> object, Fault fault) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("Key", object.get("Key"));
    if (object.get("VersionId") != null) {
      error.put("VersionId", object.get("VersionId"));
    }
    error.put("Code", "AccessDenied");
    error.put("Message", fault.getMessage());
    return error;
  }
}
