package dev.atelier.identity;

import dev.atelier.metadata.MetadataStore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * The database as identity uses it. Within {@link #atomically} every read and write of the stores belongs to one
 * transaction, and such transactions run one after the other: what a rule checked is still so when it writes.
 */
final class IdentityRows {
  private static final ScopedValue<Handle> UNIT = ScopedValue.newInstance();

  private final MetadataStore store;
  private final Generation generation;

  IdentityRows(MetadataStore store, Generation generation) {
    this.store = store;
    this.generation = generation;
  }

  <T> T read(Function<Handle, T> work) {
    return UNIT.isBound() ? work.apply(UNIT.get()) : store.read(work);
  }

  <T> T write(Function<Handle, T> work) {
    return UNIT.isBound() ? work.apply(UNIT.get()) : store.write(work);
  }

  /**
   * Runs a rule with its checks as one transaction; one that throws leaves nothing behind. It does nothing slow: the
   * database's other writers wait for it.
   */
  <T> T atomically(Supplier<T> rule) {
    if (UNIT.isBound()) {
      return rule.get();
    }
    try {
      return store.write(tx -> ScopedValue.where(UNIT, tx).call(rule::get));
    } finally {
      // what others read while this was not yet stored is old now
      generation.changed();
    }
  }
}
