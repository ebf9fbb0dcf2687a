package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.Ranking.Candidate;
import dev.modelflow.domain.Ranking.Change;
import dev.modelflow.domain.Verdict;
import dev.modelflow.objects.Uploads;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The report of a microanneal in the dashboard. */
@UsesServices
class RankingTest {
  private static final Site SITE = Site.shared();
  private static final Change SUMS =
      new Change("sums", "accuracy", true, 0.25, 0.5, 0.25, 0.03, 0.0625, Verdict.BETTER);
  private static final Change TEXT =
      new Change("text", "bitsPerByte", false, 2, 2.125, 0.125, 0.1, null, Verdict.UNDECIDED);

  @TempDir private Path folder;

  @Test
  void everyCandidateStandsThereWithItsChangeItsNoiseAndWhatThatMeans() throws Exception {
    String page =
        new BrowserSession(SITE).signIn().get("/artifacts/" + recorded(20).id().hex()).body();
    assertThat(page.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " "))
        .contains("by sums; 20 anneals each")
        .contains("1. maths sums accuracy, higher is better 0.250 0.500 +0.250 ± 0.063 better")
        .contains("text bitsPerByte, lower is better 2.000 2.125 +0.125 ± unknown undecided");
  }

  @Test
  void aReportThatIsLostLeavesThePageOfItsArtifact() throws Exception {
    Manifest manifest = recorded(21);
    String object = manifest.files().getFirst().sha256().hex();
    new Bucket(SITE.services().storeConfig())
        .delete("objects/" + object.substring(0, 2) + "/" + object);
    String page = new BrowserSession(SITE).signIn().get("/artifacts/" + manifest.id().hex()).body();
    assertThat(page).contains("&#39;ranking.json&#39; cannot be read").contains("Lineage");
  }

  private Manifest recorded(int seeds) throws IOException {
    Ranking ranking =
        new Ranking(
            List.of("sums"),
            seeds,
            0.95,
            List.of(new Candidate("maths", SUMS, List.of(SUMS, TEXT))));
    Path made = Files.createDirectories(folder.resolve("ranking"));
    Files.writeString(made.resolve(Ranking.FILE), JsonMapper.shared().writeValueAsString(ranking));
    Manifest manifest =
        new Uploads(SITE.services().store()).upload(made, ArtifactKind.EVALUATION, Map.of());
    SITE.services().ledger().artifacts().record(manifest);
    return manifest;
  }
}
