package dev.modelflow.text.jinja;

/** A rendering takes or writes more than it may; with less to write it may go well. */
public final class BoundException extends JinjaException {
  private static final long serialVersionUID = 1;

  BoundException(int line, String what) {
    super(line, what);
  }
}
