package dev.atelier.jupyter;

/** The kinds of ZeroMQ sockets that a kernel's client has. */
public enum SocketType {
  /** For shell, control and stdin. */
  DEALER,
  /** For iopub. */
  SUB;
}
