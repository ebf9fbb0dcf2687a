package dev.modelflow.web.flow;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.web.config.WebConfig;
import java.util.List;
import java.util.Map;

/** Reads artifacts again and says whether they are as recorded. */
public final class Verifications {
  private final WebConfig config;

  Verifications(WebConfig config) {
    this.config = config;
  }

  /**
   * Hashes every object of the artifact and notes in the audit log who asked. An object that
   * differs is set aside, so that nothing is built on it and a rerun makes it again.
   */
  public Verdict of(String artifact, String actor) {
    Manifest manifest = manifest(config, artifact);
    List<Fault> faults =
        config.store().verify(manifest).stream().map(flaw -> fault(flaw, actor)).toList();
    Verdict verdict = new Verdict(artifact, faults.isEmpty(), manifest.files().size(), faults);
    config
        .ledger()
        .audit()
        .append(
            actor,
            "verify-artifact",
            artifact,
            Map.of("files", verdict.files(), "faults", faults.size()));
    return verdict;
  }

  private Fault fault(ObjectStore.Flaw flaw, String actor) {
    boolean setAside = config.store().setAside(flaw.digest());
    if (setAside) {
      config
          .ledger()
          .audit()
          .append(actor, "set-aside-object", flaw.digest().hex(), Map.of("flaw", flaw.what()));
    }
    return new Fault(flaw.path(), flaw.object(), flaw.what(), setAside);
  }

  private static Manifest manifest(WebConfig config, String artifact) {
    if (!artifact.matches("[0-9a-f]{64}")) {
      throw NotFoundException.artifact(artifact);
    }
    return config
        .ledger()
        .artifacts()
        .find(new Digest(artifact))
        .orElseThrow(() -> NotFoundException.artifact(artifact));
  }

  /**
   * How an artifact stands.
   *
   * @param intact whether every byte is as recorded
   * @param files number of files that were read
   * @param faults one for each file that is not as recorded
   */
  public record Verdict(String artifact, boolean intact, int files, List<Fault> faults) {}

  /**
   * A file that is not as recorded.
   *
   * @param path in the artifact
   * @param object its name in the store
   * @param problem what is wrong with it
   * @param setAside whether it now counts as missing, so that a rerun makes it again
   */
  public record Fault(String path, String object, String problem, boolean setAside) {}
}
