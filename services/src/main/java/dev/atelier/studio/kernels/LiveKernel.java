package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jupyter.Channel;
import dev.atelier.jupyter.KernelMessage;
import dev.atelier.jupyter.MessageHeader;
import dev.atelier.jupyter.MessageSigner;
import dev.atelier.jupyter.WebSocketFormat.Routed;
import dev.atelier.jupyter.ZmtpFrames;
import dev.atelier.kernel.StorageFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server knows of a kernel beside its row: how to reach it, what it does at present, and who listens. One thread
 * reads its record; what that finds is told to {@link Executions}.
 */
final class LiveKernel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveKernel.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long AGAIN_MILLIS = 200;
  private static final long STORED_EVERY_MILLIS = 5_000;

  private final String id;
  private final KernelStore store;
  private final Executions executions;
  private final Clock clock;
  private final Runnable told;
  private final MessageSigner signer;
  private final Set<KernelClient> clients = ConcurrentHashMap.newKeySet();
  /** Per session, whom what the kernel says goes to or went to at last. */
  private final Map<String, KernelClient> latest = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock sending = new ReentrantLock();
  private Optional<KernelHost> host = Optional.empty();
  private volatile Optional<KernelHost.Line> line = Optional.empty();
  private volatile boolean closed;
  private volatile String executionState = "starting";
  private volatile Instant activity;
  private volatile long watched;
  /** Behind the entry that is being read. */
  private volatile long reached;
  private volatile OptionalLong written = OptionalLong.empty();
  private volatile Optional<Thread> watcher = Optional.empty();

  /** @param told that its state changed; must not take long */
  LiveKernel(Kernel kernel, String key, KernelStore store, Executions executions, Clock clock, Runnable told) {
    this.told = told;
    this.id = kernel.id();
    this.store = store;
    this.executions = executions;
    this.clock = clock;
    this.signer = new MessageSigner(key);
    this.activity = kernel.activityAt();
    this.watched = kernel.watched();
    this.reached = kernel.watched();
  }

  String id() {
    return id;
  }

  MessageSigner signer() {
    return signer;
  }

  String executionState() {
    return executionState;
  }

  Instant activity() {
    return activity;
  }

  /** How far its record was read. */
  long watched() {
    return watched;
  }

  /** The time, when who was told up to an offset has all that was read; empty when there is more. */
  Optional<Instant> allTold(long offset) {
    Instant now = clock.instant();
    return offset >= reached ? Optional.of(now) : Optional.empty();
  }

  Set<KernelClient> clients() {
    return clients;
  }

  /** Notes a client. @return the one that had its session before and may not have ended yet */
  Optional<KernelClient> joined(String session, KernelClient client) {
    return Optional.ofNullable(latest.put(session, client));
  }

  /** Nothing more goes to a client. */
  void left(String session, KernelClient client) {
    latest.remove(session, client);
  }

  /** Up to where its notebook's file has its outputs; empty when that was never written. */
  OptionalLong written() {
    return written;
  }

  void written(long offset) {
    written = OptionalLong.of(offset);
  }

  /** From now on it can be reached at a host. */
  void started(KernelHost at) {
    lock.lock();
    try {
      if (closed || host.isPresent()) {
        return;
      }
      host = Optional.of(at);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watcher = Optional.of(Thread.ofVirtual().name("kernel-" + id).start(() -> watch(at)));
  }

  /** Its host, once it has one; empty when it never will. */
  Optional<KernelHost> host() throws InterruptedException {
    lock.lock();
    try {
      while (host.isEmpty() && !closed) {
        changed.await();
      }
      return closed ? Optional.empty() : host;
    } finally {
      lock.unlock();
    }
  }

  boolean reachable() {
    lock.lock();
    try {
      return host.isPresent();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    return closed;
  }

  /** Sends a message to the kernel. @throws IOException its host is gone */
  void send(Routed routed) throws IOException {
    byte[] frames = ZmtpFrames.encode(signer.frames(routed.message()));
    KernelHost at;
    lock.lock();
    try {
      at = host.orElseThrow(() -> new IOException("the kernel has not started"));
    } finally {
      lock.unlock();
    }
    sending.lock();
    try {
      if (line.isEmpty()) {
        line = Optional.of(at.open(Map.of("op", "send", "id", id)));
      }
      if (closed) {
        hangUp();
      }
      try {
        line.get().send(KernelFeed.head(routed.channel(), frames.length), ByteBuffer.wrap(frames));
      } catch (IOException e) {
        line.get().close();
        line = Optional.empty();
        throw e;
      }
    } finally {
      sending.unlock();
    }
  }

  private void watch(KernelHost at) {
    long stored = clock.millis();
    while (!closed) {
      try (KernelFeed feed = KernelFeed.open(at, id, watched)) {
        while (!closed) {
          KernelFeed.Entry entry = feed.next();
          reached = feed.offset();
          String before = executionState;
          boolean idle = take(entry);
          if (!before.equals(executionState)) {
            told.run();
          }
          watched = feed.offset();
          if (idle || clock.millis() - stored > STORED_EVERY_MILLIS) {
            stored = clock.millis();
            store();
          }
        }
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.debug("the record of kernel {} broke off", id, e);
          pause();
        }
      }
    }
  }

  private void store() {
    try {
      store.watched(id, watched, activity);
    } catch (RuntimeException e) {
      if (!StorageFull.caused(e)) {
        throw e;
      }
      LOG.debug("where kernel {} stands is stored when there is room", id, e);
    }
  }

  private void pause() {
    lock.lock();
    try {
      changed.await(AGAIN_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Notes what an entry tells; whether the kernel is idle since. */
  private boolean take(KernelFeed.Entry entry) throws IOException {
    switch (entry) {
      case KernelFeed.Entry.Happened happened -> executionState = switch (happened.what()) {
        case "restarting", "died" -> "restarting";
        case "dead" -> "dead";
        default -> executionState.equals("restarting") || executionState.equals("dead") ? "starting" : executionState;
      };
      case KernelFeed.Entry.Cut cut -> LOG.info("{} bytes of the record of kernel {} are gone", cut.bytes(), id);
      case KernelFeed.Entry.Said(Channel channel, byte[] frames) -> {
        KernelMessage message = signer.message(ZmtpFrames.decode(frames));
        MessageHeader parent = MessageHeader.of(message.parent());
        if (!parent.session().equals(KernelClient.HOST_SESSION)) {
          activity = clock.instant();
        }
        if (channel == Channel.IOPUB) {
          executions.said(id, parent.id(), clients.isEmpty());
          if (MessageHeader.of(message.header()).type().equals("status")) {
            executionState = JSON.readTree(message.content()).path("execution_state").asText(executionState);
            boolean idle = executionState.equals("idle");
            if (idle) {
              executions.finished(id, parent.id(), clock.instant());
            }
            return idle;
          }
        }
      }
    }
    return false;
  }

  /** Nobody reaches it any more. @param reason why, for its clients */
  void close(String reason) {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    executionState = "dead";
    watcher.ifPresent(Thread::interrupt);
    clients.forEach(client -> client.ended(reason));
    // without the lock: a kernel that reads nothing keeps who sends to it waiting, who holds that
    hangUp();
  }

  private void hangUp() {
    try {
      if (line.isPresent()) {
        line.get().close();
      }
    } catch (IOException e) {
      LOG.debug("closing the line to kernel {}", id, e);
    }
  }

  @Override
  public void close() {
    close("The server is being stopped.");
  }
}
