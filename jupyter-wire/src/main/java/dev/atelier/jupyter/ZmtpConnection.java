package dev.atelier.jupyter;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection to a ZeroMQ socket: ZMTP 3.0 with the NULL mechanism, as a client. One thread receives; any may send.
 * Source: RFC 23/ZMTP of ZeroMQ. It exists because no Java library reaches real unix sockets.
 */
public final class ZmtpConnection implements AutoCloseable {
  private static final int MORE = 1;
  private static final int LONG = 2;
  private static final int COMMAND = 4;
  private static final int GREETING = 64;
  private static final int BUFFER = 64 << 10;
  private static final int MOST_FRAMES = 65_536;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final long most;
  private final ReentrantLock sending = new ReentrantLock();

  private ZmtpConnection(SocketChannel channel, long most) {
    this.channel = channel;
    this.most = most;
    in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
    out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
  }

  /**
   * Connects and shakes hands.
   *
   * @param identity the name that the peer knows this socket by; empty lets it choose one. A kernel answers on stdin to
   *     the identity that asked on shell, so both need the same
   * @param most the longest message that is taken, in bytes
   * @throws WireException the peer speaks something else
   */
  public static ZmtpConnection connect(SocketAddress address, SocketType type, String identity, long most)
      throws IOException {
    SocketChannel channel = address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(address);
      ZmtpConnection connection = new ZmtpConnection(channel, most);
      connection.greet();
      connection.ready(type, identity);
      return connection;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void greet() throws IOException {
    byte[] greeting = new byte[GREETING];
    greeting[0] = (byte) 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    byte[] mechanism = "NULL".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mechanism, 0, greeting, 12, mechanism.length);
    out.write(greeting);
    out.flush();
    byte[] theirs = new byte[GREETING];
    in.readFully(theirs);
    if (theirs[0] != (byte) 0xff || theirs[9] != 0x7f || theirs[10] < 3) {
      throw new WireException("the peer does not speak ZMTP 3");
    }
    if (!Arrays.equals(Arrays.copyOfRange(theirs, 12, 32), Arrays.copyOfRange(greeting, 12, 32))) {
      throw new WireException("the peer wants another mechanism than NULL");
    }
  }

  private void ready(SocketType type, String identity) throws IOException {
    byte[] socketType = property("Socket-Type", type.name());
    byte[] name = property("Identity", identity);
    byte[] command = "\5READY".getBytes(StandardCharsets.US_ASCII);
    out.writeByte(COMMAND);
    out.writeByte(command.length + socketType.length + name.length);
    out.write(command);
    out.write(socketType);
    out.write(name);
    out.flush();
    Frame answer = frame(BUFFER);
    if (!answer.isCommand() || !answer.named("READY")) {
      throw new WireException("the peer is not ready: " + answer.text());
    }
  }

  private static byte[] property(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    if (valueBytes.length > 100) {
      throw new IllegalArgumentException("too long for a property: " + value);
    }
    byte[] property = new byte[1 + nameBytes.length + 4 + valueBytes.length];
    property[0] = (byte) nameBytes.length;
    System.arraycopy(nameBytes, 0, property, 1, nameBytes.length);
    property[nameBytes.length + 4] = (byte) valueBytes.length;
    System.arraycopy(valueBytes, 0, property, nameBytes.length + 5, valueBytes.length);
    return property;
  }

  /** Asks a publisher for everything. */
  public void subscribe() throws IOException {
    send(List.of(new byte[] {1}));
  }

  /** Sends a message of one or more frames, whole. */
  public void send(List<byte[]> frames) throws IOException {
    sending.lock();
    try {
      for (int i = 0; i < frames.size(); i++) {
        write(i + 1 < frames.size() ? MORE : 0, frames.get(i));
      }
      out.flush();
    } finally {
      sending.unlock();
    }
  }

  private void write(int flags, byte[] body) throws IOException {
    if (body.length > 255) {
      out.writeByte(flags | LONG);
      out.writeLong(body.length);
    } else {
      out.writeByte(flags);
      out.writeByte(body.length);
    }
    out.write(body);
  }

  /**
   * The next message; waits for it.
   *
   * @throws WireException it is longer than allowed, or none
   * @throws java.io.EOFException the peer is gone
   */
  public List<byte[]> receive() throws IOException {
    List<byte[]> frames = new ArrayList<>();
    long left = most;
    while (true) {
      Frame frame = frame(left);
      if (frame.isCommand()) {
        obey(frame);
        continue;
      }
      left -= frame.body().length;
      frames.add(frame.body());
      if ((frame.flags() & MORE) == 0) {
        return frames;
      }
      if (frames.size() >= MOST_FRAMES) {
        throw new WireException("a message of more than " + MOST_FRAMES + " frames");
      }
    }
  }

  private record Frame(int flags, byte[] body) {
    boolean isCommand() {
      return (flags & COMMAND) != 0;
    }

    boolean named(String name) {
      byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
      return body.length > wanted.length && body[0] == wanted.length
          && Arrays.equals(wanted, 0, wanted.length, body, 1, 1 + wanted.length);
    }

    String text() {
      return new String(body, 0, Math.min(body.length, 200), StandardCharsets.US_ASCII).replaceAll("[^ -~]", ".");
    }
  }

  private Frame frame(long longest) throws IOException {
    int flags = in.readUnsignedByte();
    if ((flags & ~(MORE | LONG | COMMAND)) != 0) {
      throw new WireException("unknown flags of a frame: " + flags);
    }
    long size = (flags & LONG) == 0 ? in.readUnsignedByte() : in.readLong();
    if (size < 0 || size > longest || size > Integer.MAX_VALUE - 8) {
      throw new WireException("a message of more than " + longest + " bytes");
    }
    // grows as bytes arrive, so that an announced length alone takes no memory
    byte[] body = in.readNBytes((int) size);
    if (body.length < size) {
      throw new java.io.EOFException("the peer is gone within a frame");
    }
    return new Frame(flags, body);
  }

  /** A peer of a later version may ask whether this end lives. */
  private void obey(Frame command) throws IOException {
    if (command.named("PING") && command.body().length >= 7) {
      byte[] pong = Arrays.copyOfRange(command.body(), 2, command.body().length);
      pong[0] = 4;
      System.arraycopy("PONG".getBytes(StandardCharsets.US_ASCII), 0, pong, 1, 4);
      sending.lock();
      try {
        write(COMMAND, pong);
        out.flush();
      } finally {
        sending.unlock();
      }
    } else if (command.named("ERROR")) {
      throw new WireException("the peer refuses: " + command.text());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
