package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jupyter.Channel;
import dev.atelier.jupyter.KernelMessage;
import dev.atelier.jupyter.MessageHeader;
import dev.atelier.jupyter.WebSocketFormat.Routed;
import dev.atelier.jupyter.ZmtpFrames;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of a kernel, such as a notebook in a browser: what the kernel says goes to it at the pace at which it takes
 * it, from where it stood before; what it asks goes to the kernel.
 */
public final class KernelClient implements AutoCloseable {
  /** The session of what the kernel's host asks itself. */
  static final String HOST_SESSION = "atelier";
  private static final Logger LOG = LoggerFactory.getLogger(KernelClient.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  /** How long a client that comes again waits for what is being sent to where it was before. */
  private static final Duration LAST_WORD = Duration.ofSeconds(2);
  private static final int MOST_WAITING = 256;
  private static final int MOST_ASKED = 10_000;
  private static final byte[] NO_PARENT = {};

  private final LiveKernel kernel;
  private final String session;
  private final Sink sink;
  private final Executions executions;
  private final KernelWords words;
  private final Positions positions;
  /** Requests for a kernel that has not started; none to run code, which is refused meanwhile. */
  private final Deque<Routed> waiting = new ArrayDeque<>();
  /** Requests that it passed on for sessions other than its own, as gateways do. */
  private final Map<String, Boolean> asked = Collections.synchronizedMap(new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST_ASKED;
    }
  });
  private final Thread feeding;
  /** Held from a message's sending until it is noted that it was sent, which nothing may come between. */
  private final ReentrantLock telling = new ReentrantLock();
  private volatile boolean closed;
  private volatile long told;
  private volatile Instant allTold = Instant.EPOCH;

  /** Where a client's messages go. */
  public interface Sink {
    /** Sends a message; returns when there is room for the next. @throws IOException the client is gone */
    void send(Routed routed) throws IOException;

    /** The kernel is gone for good. @param reason a sentence */
    void close(String reason);
  }

  /** @param from where it begins in the kernel's record unless it was there before */
  KernelClient(LiveKernel kernel, String session, Sink sink, Executions executions, KernelWords words,
      Positions positions, long from) {
    this.kernel = kernel;
    this.session = session;
    this.sink = sink;
    this.executions = executions;
    this.words = words;
    this.positions = positions;
    this.told = positions.find(kernel.id(), session).orElse(from);
    Optional<KernelClient> before = kernel.joined(session, this);
    before.ifPresent(KernelClient::close);
    kernel.clients().add(this);
    feeding = Thread.ofVirtual().name("kernel-client-" + kernel.id()).unstarted(() -> feed(from, before));
  }

  /** Up to when it has all that the kernel said. */
  Instant heard() {
    return kernel.allTold(told).orElse(allTold);
  }

  /** Begins to tell what the kernel says. */
  public void begin() {
    feeding.start();
  }

  private void feed(long unknown, Optional<KernelClient> before) {
    try {
      if (!kernel.reachable()) {
        sink.send(words.status(NO_PARENT, "starting"));
      }
      Optional<KernelHost> host = kernel.host();
      if (host.isEmpty() || closed) {
        return;
      }
      if (before.isPresent() && before.get().feeding.isAlive()) {
        before.get().feeding.join(LAST_WORD);
      }
      long from = positions.find(kernel.id(), session).orElse(unknown);
      try (KernelFeed feed = KernelFeed.open(host.get(), kernel.id(), from);
          Positions.Mark mark = positions.mark(kernel.id(), session)) {
        mark.set(feed.offset());
        sendWaiting();
        tellAll(feed, mark);
      }
    } catch (IOException | InterruptedException | Fault e) {
      LOG.debug("kernel {} or a client of it is gone", kernel.id(), e);
    } finally {
      close();
      kernel.left(session, this);
      if (!kernel.closed()) {
        // whoever comes again goes on where this one was
        sink.close("");
      }
    }
  }

  private void tellAll(KernelFeed feed, Positions.Mark mark) throws IOException {
    byte[] last = NO_PARENT;
    while (!closed) {
      KernelFeed.Entry entry = feed.next();
      telling.lock();
      try {
        if (closed) {
          return;
        }
        last = tell(entry, last);
        told = feed.offset();
        mark.set(told);
      } finally {
        telling.unlock();
      }
      kernel.allTold(told).ifPresent(now -> allTold = now);
    }
  }

  /** @return the request that the kernel was at last */
  private byte[] tell(KernelFeed.Entry entry, byte[] last) throws IOException {
    switch (entry) {
      case KernelFeed.Entry.Happened happened -> {
        if (happened.what().equals("died")) {
          sink.send(words.status(NO_PARENT, "restarting"));
        } else if (happened.what().equals("dead")) {
          sink.send(words.status(NO_PARENT, "dead"));
        }
        return last;
      }
      case KernelFeed.Entry.Cut cut -> {
        sink.send(words.stream(last, "stderr", "[" + cut.bytes() + " bytes of output were not kept]\n"));
        return last;
      }
      case KernelFeed.Entry.Said(Channel channel, byte[] frames) -> {
        KernelMessage message = kernel.signer().message(ZmtpFrames.decode(frames));
        MessageHeader parent = MessageHeader.of(message.parent());
        if (meant(channel, parent) && !(parent.id().isEmpty()
            && MessageHeader.of(message.header()).type().equals("iopub_welcome"))) {
          sink.send(new Routed(channel, message));
        }
        return channel == Channel.IOPUB ? message.parent() : last;
      }
    }
  }

  /** What is published is for everybody, answers are for who asked. */
  private boolean meant(Channel channel, MessageHeader parent) {
    return channel == Channel.IOPUB ? !parent.session().equals(HOST_SESSION) : parent.session().equals(session)
        || asked.containsKey(parent.id());
  }

  private void sendWaiting() throws IOException {
    synchronized (waiting) {
      while (!waiting.isEmpty()) {
        kernel.send(waiting.poll());
      }
    }
  }

  /** Takes a message of the client's. */
  public void received(Routed routed) {
    MessageHeader header = MessageHeader.of(routed.message().header());
    if (routed.channel() == Channel.IOPUB || header.id().isEmpty()) {
      return;
    }
    if (!header.session().equals(session)) {
      asked.put(header.id(), Boolean.TRUE);
    }
    try {
      synchronized (waiting) {
        if (kernel.reachable()) {
          pass(routed, header);
          return;
        }
        if (!header.type().equals("execute_request") && waiting.size() < MOST_WAITING) {
          waiting.add(routed);
          return;
        }
      }
      for (Routed answer : words.refusal(routed.message().header(), "stdout", KernelWords.STARTING)) {
        sink.send(answer);
      }
    } catch (IOException e) {
      LOG.debug("a message to kernel {} was lost", kernel.id(), e);
    }
  }

  private void pass(Routed routed, MessageHeader header) throws IOException {
    if (routed.channel() == Channel.SHELL && header.type().equals("execute_request")) {
      JsonNode metadata = JSON.readTree(routed.message().metadata());
      if (metadata.path("cellId").isTextual()) {
        executions.begin(kernel.id(), header.id(), metadata.get("cellId").asText(), kernel.watched());
      }
    }
    kernel.send(routed);
  }

  /** The kernel is gone. */
  void ended(String reason) {
    try {
      sink.send(words.status(NO_PARENT, "dead"));
    } catch (IOException e) {
      LOG.debug("a client of kernel {} is gone", kernel.id(), e);
    }
    sink.close(reason);
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    kernel.clients().remove(this);
    // who is at a message ends after it
    if (telling.tryLock()) {
      try {
        feeding.interrupt();
      } finally {
        telling.unlock();
      }
    }
    executions.left(kernel.id(), kernel.clients().isEmpty());
  }
}
