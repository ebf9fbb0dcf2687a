package dev.modelflow.web.flow;

/** What the caller named does not exist; the message is one sentence with the name. */
public final class NotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With this sentence for the caller. */
  public NotFoundException(String message) {
    super(message);
  }

  /** No run has this id. */
  public static NotFoundException run(String id) {
    return new NotFoundException("There is no run '" + id + "'");
  }

  /** No worker has this name. */
  public static NotFoundException worker(String id) {
    return new NotFoundException("There is no worker '" + id + "'");
  }

  /** No artifact has this id. */
  public static NotFoundException artifact(String id) {
    return new NotFoundException("There is no artifact '" + id + "'");
  }
}
