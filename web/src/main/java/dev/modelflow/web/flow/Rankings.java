package dev.modelflow.web.flow;

import dev.modelflow.domain.Ranking;
import dev.modelflow.read.ArtifactView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Reads the reports of microanneals out of their artifacts. */
public final class Rankings {
  /** A report has some lines for each candidate; what is larger is none. */
  private static final long LARGEST = 4L << 20;

  private final Downloads downloads;

  Rankings(Downloads downloads) {
    this.downloads = downloads;
  }

  /**
   * The report in an artifact of these files, if it holds one.
   *
   * @throws ObjectFaultException when the object is missing or holds other bytes
   */
  public Optional<Ranking> in(List<ArtifactView.File> files) throws IOException {
    Optional<ArtifactView.File> report =
        files.stream()
            .filter(file -> file.path().equals(Ranking.FILE) && file.size() <= LARGEST)
            .findFirst();
    return report.isEmpty() ? Optional.empty() : Optional.of(read(report.get()));
  }

  private Ranking read(ArtifactView.File file) throws IOException {
    Path copy = downloads.copy(file);
    try {
      return JsonMapper.shared().readValue(Files.readString(copy), Ranking.class);
    } finally {
      Files.delete(copy);
    }
  }
}
