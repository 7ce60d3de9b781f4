package dev.atelier.server.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.identity.ConsoleSessions;
import dev.atelier.identity.ConsoleSessions.Session;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code GET /events}: server-sent events that say what changed, by ARN and never by contents. Each is told only to
 * whom its policies let describe or list it, at the moment it is told. Nothing is repeated to who was away: after
 * {@code open} and after {@code lost} a page reads what it shows anew. A stream ends with its session, and says so by
 * {@code end}; a line that breaks off without it is taken up again by the page.
 */
final class LiveEvents {
  static final String PATH = "/events";
  /** Tabs of one browser share a stream; more than this is no browser's need. */
  static final int MOST_OF_SESSION = 8;
  static final int MOST = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Dispatcher dispatcher;
  private final ConsoleSessions sessions;
  private final Pace pace;
  private final Map<EventStream, String> streams = new LinkedHashMap<>();
  private boolean closed;

  /**
   * How often a stream speaks.
   *
   * @param heartbeat the longest silence; so long may a stream outlive a session that was not ended by its browser
   * @param gathering what changes within this time is told at once
   */
  record Pace(Duration heartbeat, Duration gathering) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(15), Duration.ofMillis(200));
  }

  LiveEvents(Dispatcher dispatcher, ConsoleSessions sessions, Pace pace) {
    this.dispatcher = dispatcher;
    this.sessions = sessions;
    this.pace = pace;
  }

  /** Told by the store, on the writer's thread: it only notes. */
  void changed(Set<String> arns) {
    List<EventStream> open = open();
    if (!open.isEmpty()) {
      Map<String, Set<String>> byAccount = arns.stream().collect(Collectors.groupingBy(
          arn -> Arn.parse(arn).map(Arn::account).orElse(""), Collectors.toSet()));
      open.forEach(stream -> stream.changed(byAccount.getOrDefault(stream.account(), Set.of())));
    }
  }

  /** Makes every stream look whether its session still lasts. */
  void recheck() {
    open().forEach(EventStream::nudge);
  }

  /** Ends every stream, and each that is still begun, so that nothing keeps the port from closing. */
  void close() {
    synchronized (streams) {
      closed = true;
    }
    open().forEach(EventStream::end);
  }

  private List<EventStream> open() {
    synchronized (streams) {
      return List.copyOf(streams.keySet());
    }
  }

  WireResponse answer(WireRequest request) {
    if (!request.method().equals("GET")) {
      throw new Fault("MethodNotAllowed", 405, "What changes is followed by GET.");
    }
    String token = SessionCookie.token(request.headers()).orElse("");
    Session session = sessions.find(token)
        .orElseThrow(() -> new Fault("NotSignedIn", 401, "Sign in first, or again: the session has ended."));
    EventStream stream = begun(session);
    Headers headers = Headers.of("Content-Type", "text/event-stream", "Cache-Control", "no-store",
        "X-Accel-Buffering", "no");
    return new WireResponse(200, headers, new WireResponse.Events(out -> {
      try {
        write(out, stream, token, request);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } finally {
        synchronized (streams) {
          streams.remove(stream);
        }
      }
    }));
  }

  /** Begins a stream; of too many in one session the oldest ends, which is that of a page that was left. */
  private EventStream begun(Session session) {
    EventStream stream = new EventStream(session.account().value());
    synchronized (streams) {
      if (streams.size() >= MOST) {
        throw new Fault("TooManyStreams", 429, "So many follow what happens that nobody else can at present.")
            .withHeaders(Map.of("Retry-After", "30"));
      }
      List<EventStream> own = streams.entrySet().stream()
          .filter(each -> each.getValue().equals(session.accessKeyId())).map(Map.Entry::getKey).toList();
      if (own.size() >= MOST_OF_SESSION) {
        own.getFirst().end();
        streams.remove(own.getFirst());
      }
      streams.put(stream, session.accessKeyId());
      if (closed) {
        stream.end();
      }
    }
    return stream;
  }

  private void write(OutputStream out, EventStream stream, String token, WireRequest request)
      throws IOException, InterruptedException {
    send(out, "retry: 2000\nevent: open\ndata: {}\n\n");
    long spoken = System.nanoTime();
    while (true) {
      // what a caller may not know does not show in the rhythm either: silence is broken by the heartbeat alone
      Duration silence = Duration.ofNanos(System.nanoTime() - spoken);
      EventStream.News news = stream.await(pace.heartbeat().minus(silence));
      if (news.ended()) {
        return;
      }
      Optional<Session> session = sessions.find(token);
      if (session.isEmpty()) {
        send(out, "event: end\ndata: {}\n\n");
        return;
      }
      List<String> told = news.arns().stream().filter(arn -> mayKnow(session.get(), arn, request)).toList();
      boolean due = System.nanoTime() - spoken >= pace.heartbeat().toNanos();
      if (news.lost() || !told.isEmpty() || due) {
        send(out, news.lost() ? "event: lost\ndata: {}\n\n"
            : told.isEmpty() ? ":\n\n" : "event: changed\ndata: " + JSON.writeValueAsString(told) + "\n\n");
        spoken = System.nanoTime();
      }
      stream.gather(pace.gathering());
    }
  }

  private boolean mayKnow(Session session, String text, WireRequest request) {
    return Arn.parse(text).filter(arn -> arn.region().isEmpty() || Region.isRegion(arn.region()))
        .filter(arn -> dispatcher.mayKnow(new Caller(session.account(), region(arn), session.user(),
            session.accessKeyId()), arn, request)).isPresent();
  }

  /** IAM is asked in the region that its own endpoint stands in. */
  private static Region region(Arn arn) {
    return new Region(arn.region().isEmpty() ? "us-east-1" : arn.region());
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
