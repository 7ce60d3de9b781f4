package dev.atelier.studio;

import java.util.Arrays;
import java.util.Optional;

/** The types of apps whose programs are built. */
enum AppKind {
  /** JupyterLab, on a system instance that is not billed; its kernels run in apps of their own. */
  JUPYTER_SERVER("JupyterServer", "jupyter-server-3", "studio.py", "JupyterLab"),
  /** The kernels of one image on one instance type. */
  KERNEL_GATEWAY("KernelGateway", "sagemaker-data-science-310", "kernel_host.py", "the kernels' host"),
  /** JupyterLab of a space, on an instance type, with its kernels beside it. */
  JUPYTER_LAB("JupyterLab", "sagemaker-distribution-cpu", "studio.py", "JupyterLab");

  private final String type;
  private final String image;
  private final String program;
  private final String words;

  AppKind(String type, String image, String program, String words) {
    this.type = type;
    this.image = image;
    this.program = program;
    this.words = words;
  }

  /** The kind of an {@code AppType}; empty when it is not built. */
  static Optional<AppKind> of(String type) {
    return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
  }

  static AppKind of(App app) {
    return of(app.type()).orElseThrow(() -> new IllegalStateException("an app of type " + app.type()));
  }

  String type() {
    return type;
  }

  /** What the catalogue knows the image by that such an app has when nobody named one. */
  String image() {
    return image;
  }

  /** The file among what images see at {@code /opt/atelier/python}. */
  String program() {
    return program;
  }

  /** What people call the program. */
  String words() {
    return words;
  }

  /** Whether people open it in a browser. */
  boolean hasPages() {
    return this != KERNEL_GATEWAY;
  }

  /** The path that its pages lie under. */
  String basePath() {
    return this == JUPYTER_LAB ? "/jupyterlab/default/" : "/jupyter/default/";
  }
}
