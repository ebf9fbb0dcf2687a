package dev.modelflow.trainer;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointException;
import dev.modelflow.engine.ranks.RankLostException;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.ranks.Rendezvous;
import dev.modelflow.engine.stage.RankEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The engine as a trainer under docs/trainer-contract.md, or one of several ranks that are one:
 * {@code TrainerMain SPEC.json}. Events go to standard output, everything else to standard error.
 */
public final class TrainerMain {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int STOPPED = 3;
  private static final int LOST_OTHERS = 5;

  private final EventWriter events;

  private TrainerMain(EventWriter events) {
    this.events = events;
  }

  /** Runs the stage of the spec whose path is the only argument, and exits as the contract says. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    System.setOut(System.err);
    AtomicBoolean stop = new AtomicBoolean();
    onTermination(stop);
    WorkerWatch.begin();
    int status = new TrainerMain(new EventWriter(out, stop::get)).run(arguments);
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

  private int run(String[] arguments) {
    try {
      if (arguments.length != 1) {
        throw new StageFailure(
            FailureClass.PLATFORM,
            "The trainer needs the path of a spec.json and nothing else, but got "
                + arguments.length
                + " arguments");
      }
      SpecReader.Asked asked = SpecReader.read(Path.of(arguments[0]).toAbsolutePath());
      Files.createDirectories(asked.stage().output());
      Rendezvous ranks = asked.ranks();
      return ranks == null
          ? report(Stages.run(asked.stage(), events))
          : runTogether(asked.stage(), ranks);
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

  /** One rank's part; the leading one reports. */
  private int runTogether(StageSpec stage, Rendezvous place) throws IOException {
    try (Ranks ranks = Ranks.meet(place)) {
      StageResult result = Stages.run(stage.with(ranks), new RankEvents(events, ranks));
      ranks.await();
      if (ranks.leads()) {
        return report(result);
      }
      return result instanceof StageResult.Done ? DONE : STOPPED;
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
    failure.printStackTrace();
    events.failed(failure);
    return FAILED;
  }
}
