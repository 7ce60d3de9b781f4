package dev.atelier.server.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Plain HTTP is for this machine: what comes over the network without TLS is told so, and nothing of it is read. */
final class NetworkRule extends Handler.Wrapper {
  NetworkRule(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.isSecure() || !fromNetwork(request)) {
      return super.handle(request, response, callback);
    }
    byte[] body = "Over the network Atelier speaks TLS only: use https:// with this port.\n"
        .getBytes(StandardCharsets.UTF_8);
    response.setStatus(403);
    response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
    response.getHeaders().put("Connection", "close");
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static boolean fromNetwork(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
        && !remote.getAddress().isLoopbackAddress();
  }
}
