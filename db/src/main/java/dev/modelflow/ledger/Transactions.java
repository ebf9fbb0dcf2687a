package dev.modelflow.ledger;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs work in transactions and, when the connection is lost, again from its beginning, until the
 * ledger's patience ends. Work must therefore be harmless when done twice: the loss may have come
 * after the commit. Work inside other work joins its transaction.
 */
public final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final PlatformTransactionManager manager;
  private final Duration patience;

  Transactions(PlatformTransactionManager manager, Duration patience) {
    this.manager = manager;
    this.patience = patience;
  }

  /** The result of {@code work}, committed. */
  public <T> T in(Supplier<T> work) {
    return isInside() ? work.get() : patiently(() -> once(work));
  }

  /**
   * The result of a question that is a single statement. Such a statement is its own transaction,
   * which spares the ledger the end of another.
   */
  public <T> T read(Supplier<T> question) {
    return isInside() ? question.get() : patiently(question);
  }

  /**
   * Does {@code statement}, which is a single one that changes something, and commits it likewise.
   */
  public void write(Runnable statement) {
    read(
        () -> {
          statement.run();
          return true;
        });
  }

  private static boolean isInside() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  private <T> T patiently(Supplier<T> work) {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return work.get();
      } catch (RuntimeException failure) {
        if (!ConnectionLoss.passes(failure) || System.nanoTime() > deadline) {
          throw failure;
        }
        LOG.warn("Ledger: {}; trying again in {} ms", failure.getMessage(), pause);
        rest(pause, failure);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /** Does {@code work} and commits. */
  public void run(Runnable work) {
    in(
        () -> {
          work.run();
          return true;
        });
  }

  private <T> T once(Supplier<T> work) {
    TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error failure) {
      rollback(status, failure);
      throw failure;
    }
    manager.commit(status);
    return result;
  }

  private void rollback(TransactionStatus status, Throwable failure) {
    try {
      manager.rollback(status);
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  private static void rest(long millis, RuntimeException failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
