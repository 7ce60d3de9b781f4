package dev.atelier.server.door;

import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.server.tls.ServedHosts;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** The CONNECT proxy behind sandboxes' doors: AWS hosts lead to this server, others by the egress rules. */
public final class EgressProxy extends ConnectHandler {
  private static final int TLS = 443;

  private final Egress egress;
  private final LiveWorkloads live;
  private final IntSupplier ownPort;

  /** @param live says which sandboxes reach this server alone */
  public EgressProxy(Handler next, Egress egress, LiveWorkloads live, IntSupplier ownPort) {
    super(next);
    this.egress = egress;
    this.live = live;
    this.ownPort = ownPort;
    setConnectTimeout(15_000);
    setIdleTimeout(600_000);
  }

  /** The socket says who asks; what may be asked for is checked here. */
  @Override
  protected boolean handleAuthentication(Request request, Response response, String address) {
    return true;
  }

  @Override
  protected void connectToServer(Request request, String host, int port, Promise<SocketChannel> promise) {
    if (ServedHosts.isAws(host) && port == TLS) {
      super.connectToServer(request, "127.0.0.1", ownPort.getAsInt(), promise);
      return;
    }
    Optional<InetAddress> address =
        ServedHosts.isAws(host) || confined(request) ? Optional.empty() : egress.resolve(host);
    if (address.isEmpty()) {
      promise.failed(new SecurityException("sandboxes do not reach " + host));
    } else {
      super.connectToServer(request, address.get().getHostAddress(), port, promise);
    }
  }

  private boolean confined(Request request) {
    String workload = Doors.workload(request.getConnectionMetaData().getConnector().getName());
    return !workload.isEmpty()
        && live.find(new WorkloadId(workload)).filter(owner -> !owner.internet()).isPresent();
  }

  /** Says whether a host may not be reached or could not be. */
  @Override
  protected void onConnectFailure(Request request, Response response, Callback callback, Throwable failure) {
    boolean refused = failure instanceof SecurityException;
    Response.writeError(request, response, callback, refused ? HttpStatus.FORBIDDEN_403 : HttpStatus.BAD_GATEWAY_502,
        refused ? failure.getMessage() : "the host cannot be reached");
  }
}
