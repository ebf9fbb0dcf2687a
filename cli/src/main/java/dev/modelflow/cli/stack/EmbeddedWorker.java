package dev.modelflow.cli.stack;

import dev.modelflow.cli.server.WorkerMain;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of the embedded stack as a process of its own. It ends with its supervisor, whose end it
 * notices by the end of its standard input.
 */
public final class EmbeddedWorker {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWorker.class);

  private EmbeddedWorker() {}

  /** Works as its environment says until its supervisor ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Thread.ofPlatform().daemon().name("parent").start(EmbeddedWorker::endWithParent);
    WorkerMain.main(arguments);
  }

  /** The supervisor is gone: nobody would restart or end this process, so it must not linger. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        LOG.debug("The supervisor wrote something; nothing is expected");
      }
    } catch (IOException gone) {
      LOG.debug("Standard input ended", gone);
    }
    Runtime.getRuntime().halt(1);
  }
}
