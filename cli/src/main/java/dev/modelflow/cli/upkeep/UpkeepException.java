package dev.modelflow.cli.upkeep;

/** Something cannot be kept in order as was asked; the message says why and what to do. */
public final class UpkeepException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  private UpkeepException(int code, RuntimeException cause) {
    super(cause.getMessage(), cause);
    this.code = code;
  }

  /** It failed. */
  static UpkeepException failed(RuntimeException cause) {
    return new UpkeepException(1, cause);
  }

  /** A setting is missing or wrong. */
  static UpkeepException misconfigured(RuntimeException cause) {
    return new UpkeepException(2, cause);
  }

  /** The exit code of a command that this ends. */
  public int code() {
    return code;
  }
}
