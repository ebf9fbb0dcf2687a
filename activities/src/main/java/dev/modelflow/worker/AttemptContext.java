package dev.modelflow.worker;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Attempts;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Events;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.Uploads;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt as its executor sees it. */
final class AttemptContext implements StageContext {
  private final Run run;
  private final Stage stage;
  private final Fence fence;
  private final Attempts attempts;
  private final Uploads uploads;
  private final Pulse pulse;
  private final PreparedInputs inputs;
  private final Path workFolder;

  AttemptContext(
      Run run,
      Stage stage,
      Fence fence,
      Attempts attempts,
      Uploads uploads,
      Pulse pulse,
      PreparedInputs inputs,
      Path workFolder) {
    this.run = run;
    this.stage = stage;
    this.fence = fence;
    this.attempts = attempts;
    this.uploads = uploads;
    this.pulse = pulse;
    this.inputs = inputs;
    this.workFolder = workFolder;
  }

  @Override
  public String runId() {
    return stage.runId();
  }

  @Override
  public String stage() {
    return stage.name();
  }

  @Override
  public StageKind kind() {
    return stage.kind();
  }

  @Override
  public int epoch() {
    return fence.epoch();
  }

  @Override
  public long seed() {
    return stage.seed();
  }

  @Override
  public Map<String, @Nullable Object> model() {
    return Fingerprint.modelOf(stage.kind(), run.model());
  }

  @Override
  public Map<String, @Nullable Object> parameters() {
    return stage.parameters();
  }

  @Override
  public Map<String, Path> inputs() {
    return inputs.folders();
  }

  @Override
  public Path input(String role) {
    Path folder = inputs.folders().get(role);
    if (folder == null) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "Stage '%s' needs an input '%s' but has only %s; name the stage that makes it"
              .formatted(stage.name(), role, inputs.folders().keySet()));
    }
    return folder;
  }

  @Override
  public Map<String, Manifest> inputManifests() {
    return inputs.manifests();
  }

  @Override
  public Optional<ResumePoint> resume() {
    return inputs.resume();
  }

  @Override
  public Path workFolder() {
    return workFolder;
  }

  @Override
  public void device(String device) {
    attempts.device(fence, device);
  }

  @Override
  public void environment(Map<String, String> variables) {
    attempts.trainer(fence, variables);
  }

  @Override
  public void progress(long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond) {
    pulse.progress(step, totalSteps, tokensPerSecond);
  }

  @Override
  public void metrics(long step, Map<String, Double> values) {
    pulse.metrics(step, values);
  }

  @Override
  public void evaluation(Evaluation result) {
    Digest checkpoint = inputs.digests().get("checkpoint");
    if (checkpoint == null) {
      throw new StageFailedException(
          FailureClass.PLATFORM,
          "Stage '" + stage.name() + "' reports an evaluation but reads no checkpoint");
    }
    attempts.evaluation(fence, checkpoint, result);
  }

  @Override
  public void log(String text) {
    pulse.log(text);
  }

  @Override
  public void event(Events.Level level, String message) {
    pulse.log(level == Events.Level.INFO ? message : level.word() + ": " + message);
    attempts.event(fence, level, message);
  }

  @Override
  public void commitCheckpoint(long step, long tokens, Path folder) {
    Manifest manifest =
        uploads.upload(
            folder, ArtifactKind.CHECKPOINT, StageContext.checkpointProperties(step, tokens));
    pulse.flush();
    attempts.checkpoint(fence, step, tokens, manifest, inputs.digests());
  }

  @Override
  public void resumed(long step) {
    attempts.resumed(fence, step);
    long asked = resume().map(ResumePoint::step).orElse(0L);
    event(
        Events.Level.INFO,
        "Attempt %d resumed: last checkpoint after step %d, work goes on after step %d"
            .formatted(epoch(), asked, step));
  }

  @Override
  public boolean stopRequested() {
    return pulse.stopReason().isPresent();
  }

  @Override
  public boolean overtaken() {
    return pulse.stopReason().filter(reason -> reason == StopReason.OVERTAKEN).isPresent();
  }

  /** Uploads what the stage made: output name → manifest. */
  Map<String, Manifest> upload(Map<String, StageOutput> outputs) {
    List<String> names = List.copyOf(outputs.keySet());
    List<Manifest> made =
        uploads.upload(
            outputs.values().stream()
                .map(it -> new Uploads.Made(it.folder(), it.kind(), it.properties()))
                .toList());
    Map<String, Manifest> manifests = new HashMap<>();
    for (int output = 0; output < names.size(); output++) {
      manifests.put(names.get(output), made.get(output));
    }
    return manifests;
  }
}
