package dev.atelier.operation;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.Operation;
import dev.atelier.models.WireRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The operations that are answered as on AWS, most of them by working; what is not registered here is parsed, authorised,
 * validated and answered as unsupported.
 */
public final class OperationTable {
  private final Map<String, Handler<?, ?>> handlers;
  private final Around around;

  public OperationTable() {
    this(new HashMap<>(), new Around() {
      @Override
      public <T> T perform(String operation, Supplier<T> method) {
        return method.get();
      }
    });
  }

  private OperationTable(Map<String, Handler<?, ?>> handlers, Around around) {
    this.handlers = handlers;
    this.around = around;
  }

  /** What is done around the method of an operation, such as a transaction. */
  public interface Around {
    <T> T perform(String operation, Supplier<T> method);
  }

  /** This table, where what is registered is performed within {@code other}. */
  public OperationTable within(Around other) {
    return new OperationTable(handlers, other);
  }

  /** A modelled operation with the method that performs it; {@code works} is false where that always refuses. */
  public record Handler<I extends WireRecord, O extends WireRecord>(
      Operation<I, O> operation, BiFunction<Caller, I, O> method, boolean works) {

    /** Performs the operation on a checked document. */
    public Map<String, Object> perform(Caller caller, Map<String, Object> input) {
      return method.apply(caller, operation.reader().apply(input)).toDocument();
    }
  }

  public <I extends WireRecord, O extends WireRecord> OperationTable on(
      Operation<I, O> operation, BiFunction<Caller, I, O> method) {
    return register(operation, method, true);
  }

  /** An operation that no request succeeds with, and the error that AWS would answer. */
  public <I extends WireRecord, O extends WireRecord> OperationTable refuse(
      Operation<I, O> operation, BiFunction<Caller, I, Fault> refusal) {
    return register(operation, (caller, input) -> {
      throw refusal.apply(caller, input);
    }, false);
  }

  private <I extends WireRecord, O extends WireRecord> OperationTable register(
      Operation<I, O> operation, BiFunction<Caller, I, O> method, boolean works) {
    Handler<I, O> handler = new Handler<>(operation,
        (caller, input) -> around.perform(operation.name(), () -> method.apply(caller, input)), works);
    if (handlers.put(key(operation.service(), operation.name()), handler) != null) {
      throw new IllegalStateException(operation.name() + " of " + operation.service() + " is registered twice");
    }
    return this;
  }

  /** What stands before and behind the method of an operation, whoever registered it. */
  public interface Watch {
    /** Throws the Fault that refuses it. */
    void before(Caller caller, Map<String, Object> input);

    /** It was performed. */
    void after(Caller caller, Map<String, Object> input, Map<String, Object> output);
  }

  /** Has an operation watched that is registered already; of several watches the last one is asked first. */
  public void watch(String service, String operation, Watch watch) {
    handlers.computeIfPresent(key(service, operation), (key, handler) -> watched(handler, watch));
  }

  private static <I extends WireRecord, O extends WireRecord> Handler<I, O> watched(Handler<I, O> handler, Watch watch) {
    return new Handler<>(handler.operation(), (caller, input) -> {
      Map<String, Object> asked = input.toDocument();
      watch.before(caller, asked);
      O output = handler.method().apply(caller, input);
      watch.after(caller, asked, output.toDocument());
      return output;
    }, handler.works());
  }

  public Optional<Handler<?, ?>> find(String service, String operation) {
    return Optional.ofNullable(handlers.get(key(service, operation)));
  }

  /** The registered operations, as {@code service:Operation}. */
  public Set<String> registered() {
    return new TreeSet<>(handlers.keySet());
  }

  private static String key(String service, String operation) {
    return service + ":" + operation;
  }
}
