package dev.atelier.server.http;

import dev.atelier.identity.Credentials;
import dev.atelier.server.apps.AppHandler;
import dev.atelier.server.tls.HostIdentity;
import dev.atelier.server.tls.SniKeyManager;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The port with its proxy and API, put together. */
public final class ApiFront implements AutoCloseable {
  private final HttpFront front;
  private final Set<String> names;
  private final ConsoleSide console;
  private final Map<String, Function<WireRequest, WireResponse>> own = new ConcurrentHashMap<>();
  private volatile AppHandler apps;

  /** Puts what sandboxes' doors answer in front of the API. */
  @FunctionalInterface
  public interface DoorSide {
    Handler before(Handler api, IntSupplier ownPort);
  }

  /**
   * Where the port is, and what clients must know of it.
   *
   * @param plainHttp whether requests over the network may come without TLS
   * @param trusted the certificates that clients must trust, PEM
   */
  public record Access(InetSocketAddress address, boolean plainHttp, HostIdentity identity, SniKeyManager certificates,
      String trusted, String proxyToken) {}

  /**
   * @param console what answers at the console's host; sandboxes do not reach it
   * @param registry what answers docker and podman
   * @param doors the handlers of requests that come through a sandbox's door
   */
  public ApiFront(Access access, Dispatcher dispatcher, Credentials credentials, Clock clock, ConsoleSide console,
      RegistrySide registry, DoorSide doors) throws GeneralSecurityException {
    ClientGate gate = new ClientGate(credentials, clock, access.trusted(), access.proxyToken());
    this.names = access.identity().names();
    this.console = console;
    Handler api = new ByHost(new ApiHandler(dispatcher, gate, names, Optional.of(console), registry, own));
    Handler proxied = new ConnectProxy(api, access.proxyToken(), this::port);
    Handler open = access.plainHttp() ? proxied : new NetworkRule(proxied);
    Handler door = doors.before(new ApiHandler(dispatcher, gate, Set.of(), Optional.empty(), registry, Map.of()), this::port);
    this.front = new HttpFront(access.address(), access.certificates(), new Handler.Sequence(
        new Only(door, ApiFront::isDoor), new Only(open, request -> !isDoor(request))));
  }

  /** Hands requests to apps' hosts over to whoever answers there, once that is known. */
  private final class ByHost extends Handler.Wrapper {
    ByHost(Handler api) {
      super(api);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String host = request.getHeaders().get(HttpHeader.HOST);
      return apps != null && host != null && HostRule.of(host, names) instanceof HostRule.App(String app)
          ? apps.handle(app, request, response, callback) : super.handle(request, response, callback);
    }
  }

  /** Answers at apps' hosts from now on; called before the port is opened. */
  public void apps(AppHandler handler) throws Exception {
    front.start(handler);
    apps = handler;
  }

  /** Answers at a path of Atelier's own from now on; sandboxes do not reach it. */
  public void own(String path, Function<WireRequest, WireResponse> answer) {
    own.put(path, answer);
  }

  private static boolean isDoor(Request request) {
    return request.getConnectionMetaData().getConnector().getName() != null;
  }

  /** Passes on the requests that are meant for a handler. */
  private static final class Only extends Handler.Wrapper {
    private final Predicate<Request> meant;

    Only(Handler handler, Predicate<Request> meant) {
      super(handler);
      this.meant = meant;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      return meant.test(request) && super.handle(request, response, callback);
    }
  }

  /** Starts to listen at sandboxes' doors; nothing is answered until {@link #openPort}. */
  public void start() throws Exception {
    front.start();
  }

  /** Answers at doors and opens the port, when everything is there to answer. */
  public void openPort() throws Exception {
    front.openPort();
  }

  /** The port that is listened on, once started. */
  public int port() {
    return front.port();
  }

  /** Listens on a unix socket beside the port. */
  public AutoCloseable listen(Path socket, String name) throws Exception {
    return front.listen(socket, name);
  }

  public void join() throws InterruptedException {
    front.join();
  }

  @Override
  public void close() throws Exception {
    console.close();
    front.close();
  }
}
