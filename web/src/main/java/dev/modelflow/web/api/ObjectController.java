package dev.modelflow.web.api;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.AuditPage;
import dev.modelflow.audit.Audits;
import dev.modelflow.domain.Digest;
import dev.modelflow.read.ArtifactQueries;
import dev.modelflow.read.ArtifactView;
import dev.modelflow.web.flow.Downloads;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.flow.Verifications;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.json.JsonMapper;

@ApiController
@Tag(name = "Artifacts")
class ObjectController {
  private final ArtifactQueries artifacts;
  private final Verifications verifications;
  private final Downloads downloads;
  private final Audits audits;
  private final JsonMapper json;

  ObjectController(
      ArtifactQueries artifacts,
      Verifications verifications,
      Downloads downloads,
      Audits audits,
      JsonMapper json) {
    this.artifacts = artifacts;
    this.verifications = verifications;
    this.downloads = downloads;
    this.audits = audits;
    this.json = json;
  }

  @PostMapping("/api/v1/artifacts/{id}/verify")
  @Operation(
      summary = "Read every object of an artifact again and compare its bytes",
      description = "An object that differs is set aside, so that a rerun makes it again.")
  Verifications.Verdict verify(@PathVariable String id, HttpServletRequest request) {
    return verifications.of(id, Once.actor(request));
  }

  @GetMapping(
      value = "/api/v1/artifacts/{id}/audit",
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE})
  @Operation(
      summary =
          "Where an artifact came from: stages, parameters, code, data, licences, evaluations",
      description = "As JSON, or as a page of its own where the request accepts text/html first.")
  ResponseEntity<String> audit(@PathVariable String id, HttpServletRequest request) {
    if (artifacts.find(id).isEmpty()) {
      throw NotFoundException.artifact(id);
    }
    ArtifactAudit audit = audits.of(new Digest(id));
    if (wantsPage(request)) {
      return ResponseEntity.ok()
          .contentType(MediaType.TEXT_HTML)
          // The page stands alone and brings its own style; it can do nothing else.
          .header(
              "Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
          .body(AuditPage.html(audit));
    }
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(json.writeValueAsString(audit.tree()));
  }

  private static boolean wantsPage(HttpServletRequest request) {
    List<MediaType> accepted =
        MediaType.parseMediaTypes(Objects.requireNonNullElse(request.getHeader("Accept"), "*/*"));
    return !accepted.isEmpty() && accepted.getFirst().equals(MediaType.TEXT_HTML);
  }

  @GetMapping(value = "/api/v1/artifacts/{id}/files/{*path}", produces = "application/octet-stream")
  @Operation(
      summary = "The bytes of one file of an artifact",
      description =
          "The path is looked up among the artifact's files. The bytes are checked against their"
              + " digest before the first of them is sent.")
  void file(@PathVariable String id, @PathVariable String path, HttpServletResponse response)
      throws IOException {
    String wanted = path.startsWith("/") ? path.substring(1) : path;
    ArtifactView.File file =
        artifacts
            .file(id, wanted)
            .orElseThrow(
                () ->
                    new NotFoundException("Artifact '%s' has no file '%s'".formatted(id, wanted)));
    Path copy = downloads.copy(file);
    try {
      response.setContentType("application/octet-stream");
      response.setContentLengthLong(file.size());
      response.setHeader("Content-Disposition", attachment(file.path()));
      response.setHeader("ETag", '"' + file.sha256() + '"');
      Files.copy(copy, response.getOutputStream());
    } finally {
      Files.delete(copy);
    }
  }

  private static String attachment(String path) {
    return ContentDisposition.attachment()
        .filename(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8)
        .build()
        .toString();
  }
}
