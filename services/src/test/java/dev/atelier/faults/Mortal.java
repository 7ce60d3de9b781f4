package dev.atelier.faults;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.metadata.MetadataStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One server's hold on the world, which a kill cuts: after it no call reaches the backend and no transaction the disk.
 * A failpoint is a call of the backend, before or after it, what the backend tells, or a commit; it has a name.
 */
final class Mortal {
  /** Ends a thread of a server that is dead; no handler of failures takes it for one. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(String point) {
      super("killed at " + point, null, false, false);
    }
  }

  /** Where the next server dies. */
  record Target(String point, int occurrence) {}

  private static final Set<String> WITHOUT_EFFECT = Set.of("list", "usage", "notLimited", "volumes", "close",
      "toString", "hashCode", "equals", "connect", "serviceSocket");

  private final ComputeBackend world;
  private final Chronicle chronicle;
  private final AtomicReference<Target> target = new AtomicReference<>();
  private final AtomicInteger left = new AtomicInteger();
  /** Something happened that whoever drives the world may want to look at. */
  private final Semaphore news = new Semaphore(0);
  private volatile Connection writer;
  private volatile MetadataStore metadata;
  private volatile String diedAt;

  Mortal(ComputeBackend world, Chronicle chronicle) {
    this.world = world;
    this.chronicle = chronicle;
  }

  /** The backend as this server reaches it. */
  ComputeBackend backend() {
    return (ComputeBackend) Proxy.newProxyInstance(ComputeBackend.class.getClassLoader(),
        new Class<?>[] {ComputeBackend.class}, (proxy, method, arguments) -> call(method, arguments));
  }

  /** From now on commits are failpoints too. */
  void hold(MetadataStore store) {
    metadata = store;
    writer = store.write(tx -> tx.getConnection());
    store.watch(arns -> arns.forEach(arn -> committed(arn)));
  }

  void arm(Target next) {
    left.set(next.occurrence());
    target.set(next);
  }

  void disarm() {
    target.set(null);
  }

  /** Where it died; null while it lives. */
  String diedAt() {
    return diedAt;
  }

  boolean dead() {
    return diedAt != null;
  }

  Semaphore news() {
    return news;
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (dead()) {
      throw new Killed(diedAt);
    }
    if (WITHOUT_EFFECT.contains(method.getName())) {
      return invoke(method, arguments);
    }
    if (method.getName().equals("watch")) {
      watch(arguments[0]);
      return null;
    }
    reached("before " + method.getName());
    if (arguments[0] instanceof WorkloadSpec spec) {
      chronicle.started(spec, world.list().containsKey(spec.id()));
    }
    Object result = invoke(method, arguments);
    if (arguments[0] instanceof WorkloadId id && method.getName().equals("remove")) {
      chronicle.removed(id);
    }
    reached("after " + method.getName());
    return result instanceof InputStream stream ? cut(stream, "amid " + method.getName()) : result;
  }

  private Object invoke(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(world, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings("unchecked")
  private void watch(Object listener) {
    Consumer<WorkloadEvent> told = (Consumer<WorkloadEvent>) listener;
    world.watch(event -> {
      String name = event.state().getClass().getSimpleName();
      try {
        if (!dead()) {
          reached("before it is told of " + name);
          told.accept(event);
          reached("after it was told of " + name);
        }
      } catch (Killed e) {
        // the world goes on without the server
        news.release();
      }
    });
  }

  /** A stream of which a server that dies reads some bytes. */
  private InputStream cut(InputStream stream, String point) {
    return new FilterInputStream(stream) {
      private boolean begun;

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (begun) {
          reached(point);
        }
        begun = true;
        return super.read(bytes, offset, Math.min(length, 700));
      }
    };
  }

  private void committed(String arn) {
    news.release();
    if (dead()) {
      return;
    }
    String point = "commit of " + chronicle.state(arn);
    if (isTarget(point)) {
      // on the writer's own thread: nothing is stored after this
      diedAt = point;
      disconnect();
    }
  }

  private void reached(String point) {
    if (dead()) {
      throw new Killed(diedAt);
    }
    if (!isTarget(point)) {
      return;
    }
    try {
      metadata.write(tx -> {
        diedAt = point;
        disconnect();
        return true;
      });
    } catch (RuntimeException e) {
      // the commit after the disconnection
    }
    news.release();
    throw new Killed(point);
  }

  private boolean isTarget(String point) {
    chronicle.reached(point);
    Target armed = target.get();
    return armed != null && armed.point().equals(point) && left.decrementAndGet() == 0;
  }

  private void disconnect() {
    try {
      writer.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
