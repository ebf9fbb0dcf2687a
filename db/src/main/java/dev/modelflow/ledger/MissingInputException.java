package dev.modelflow.ledger;

/** An input of a stage names an output or checkpoint that the stage before it did not make. */
public final class MissingInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingInputException(String message) {
    super(message);
  }
}
