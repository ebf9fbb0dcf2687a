package dev.modelflow.trainer;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.ranks.RankLostException;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.text.TextException;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What every trainer in Java has of docs/trainer-contract.md: its events, how it stops, how it
 * ends, and that it dies with its worker. Events go to standard output, everything else to standard
 * error.
 */
public final class TrainerProgram {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int STOPPED = 3;
  private static final int LOST_OTHERS = 5;

  private final EventWriter events;

  private TrainerProgram(EventWriter events) {
    this.events = events;
  }

  /** The work itself. */
  public interface Work {
    /**
     * Does the stage of this {@code spec.json}.
     *
     * @throws StageFailure saying who can mend it
     */
    StageResult run(Path spec, StageEvents events) throws IOException;
  }

  /** Does the work of the spec whose path is the only argument, and exits as the contract says. */
  public static void run(String[] arguments, Work work) {
    PrintStream out = EventOutput.take();
    AtomicBoolean stop = new AtomicBoolean();
    onTermination(stop);
    WorkerWatch.begin();
    int status = new TrainerProgram(new EventWriter(out, stop::get)).end(arguments, work);
    out.flush();
    // Not exit(): after SIGTERM the JVM is shutting down already and would give its own status.
    Runtime.getRuntime().halt(status);
  }

  /** SIGTERM starts the JVM's shutdown; it waits here until the stage has stopped in good order. */
  private static void onTermination(AtomicBoolean stop) {
    Thread wait =
        new Thread(
            () -> {
              stop.set(true);
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop-request");
    Runtime.getRuntime().addShutdownHook(wait);
  }

  private int end(String[] arguments, Work work) {
    try {
      if (arguments.length != 1) {
        throw new StageFailure(
            FailureClass.PLATFORM,
            "The trainer needs the path of a spec.json and nothing else, but got "
                + arguments.length
                + " arguments");
      }
      return report(work.run(Path.of(arguments[0]).toAbsolutePath(), events));
    } catch (RankLostException e) {
      // Why the other one went is that one's to say.
      e.printStackTrace();
      return LOST_OTHERS;
    } catch (StageFailure e) {
      return fail(e);
    } catch (TextException | CheckpointException e) {
      return fail(new StageFailure(FailureClass.DATA, String.valueOf(e.getMessage()), e));
    } catch (IllegalArgumentException e) {
      return fail(new StageFailure(FailureClass.RECIPE, String.valueOf(e.getMessage()), e));
    } catch (IOException | RuntimeException | Error e) {
      return fail(new StageFailure(FailureClass.PLATFORM, e.toString(), e));
    }
  }

  private int report(StageResult result) {
    switch (result) {
      case StageResult.Done done -> {
        events.done(done.outputs());
        return DONE;
      }
      case StageResult.Stopped stopped -> {
        events.stopped(stopped.step());
        return STOPPED;
      }
    }
  }

  private int fail(StageFailure failure) {
    // First: the log keeps its newest lines.
    failure.details().forEach(System.err::println);
    failure.printStackTrace();
    events.failed(failure);
    return FAILED;
  }
}
