package dev.modelflow.worker;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.StageKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Does any stage by writing its parameters to a file; counts how often it was asked to. */
final class CountingExecutor implements StageExecutor {
  private final AtomicInteger executions = new AtomicInteger();
  private final String version;
  private final Work work;

  CountingExecutor() {
    this(context -> {});
  }

  CountingExecutor(Work work) {
    this("counting 1", work);
  }

  CountingExecutor(String version, Work work) {
    this.version = version;
    this.work = work;
  }

  /** What else it does before it writes. */
  interface Work {
    void doIt(StageContext context) throws Exception;
  }

  int executions() {
    return executions.get();
  }

  @Override
  public Set<StageKind> kinds() {
    return EnumSet.allOf(StageKind.class);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return version;
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws Exception {
    executions.incrementAndGet();
    work.doIt(context);
    Path folder = Files.createDirectories(context.workFolder().resolve("output"));
    Files.writeString(
        folder.resolve("made.txt"),
        context.kind() + " " + context.parameters() + " " + context.inputs().keySet());
    return Map.of(
        "documents", new StageOutput(ArtifactKind.CORPUS, folder, Map.of("by", context.stage())));
  }
}
