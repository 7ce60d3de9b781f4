package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ErrorModel;
import dev.atelier.models.Member;
import dev.atelier.models.OperationModel;
import dev.atelier.models.StructureShape;
import java.util.Optional;

/** Finds what the model says of a fault. */
final class ErrorShape {
  /** Tells clients of a service that once spoke Query the code that they knew. */
  static final String QUERY_HEADER = "x-amzn-query-error";

  private ErrorShape() {}

  static String queryError(Fault fault, Optional<ErrorModel> known) {
    String code = known.map(ErrorModel::code).orElse(switch (fault.code()) {
      case "ValidationException" -> "ValidationError";
      case "AccessDeniedException" -> "AccessDenied";
      default -> fault.code();
    });
    return code + (fault.status() < 500 ? ";Sender" : ";Receiver");
  }

  /** The modelled error whose code or shape name the fault bears. */
  static Optional<ErrorModel> of(Fault fault, Optional<OperationModel> operation) {
    return operation.flatMap(known -> known.errors().stream()
        .filter(error -> error.code().equals(fault.code()) || error.shape().name().equals(fault.code())).findFirst());
  }

  /** How the error spells its message member; {@code message} where no model says so. */
  static String messageMember(Optional<StructureShape> shape) {
    return shape.flatMap(known -> known.members().values().stream()
        .filter(member -> member.name().equalsIgnoreCase("message")).map(Member::name).findFirst()).orElse("message");
  }

  static String message(Fault fault) {
    return fault.getMessage() == null ? "" : fault.getMessage();
  }
}
