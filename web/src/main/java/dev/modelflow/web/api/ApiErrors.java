package dev.modelflow.web.api;

import dev.modelflow.ledger.IdempotencyConflictException;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.flow.ObjectFaultException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Turns exceptions into RFC 9457 problems; nothing of the inside leaks. */
@RestControllerAdvice(annotations = ApiController.class)
class ApiErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

  @ExceptionHandler
  ResponseEntity<ProblemDetail> missing(NotFoundException error) {
    return problem(HttpStatus.NOT_FOUND, sentence(error));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> wrongRecipe(RecipeException error) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.UNPROCESSABLE_CONTENT,
            error.problems().size() == 1
                ? "The recipe has a problem: " + error.problems().getFirst().message()
                : "The recipe has " + error.problems().size() + " problems; nothing was started");
    problem.setProperty("problems", error.problems());
    return new ResponseEntity<>(problem, new HttpHeaders(), HttpStatus.UNPROCESSABLE_CONTENT);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> reusedKey(IdempotencyConflictException error) {
    return problem(HttpStatus.UNPROCESSABLE_CONTENT, sentence(error));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unusable(IllegalArgumentException error) {
    return problem(HttpStatus.BAD_REQUEST, sentence(error));
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    CannotGetJdbcConnectionException.class,
    TransactionException.class
  })
  ResponseEntity<ProblemDetail> ledgerIsAway(RuntimeException error) {
    LOG.warn("The ledger does not answer: {}", error.getMessage());
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE, "The ledger does not answer; try again in a few seconds");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> crowded(TooManyStreamsException error) {
    return problem(HttpStatus.SERVICE_UNAVAILABLE, sentence(error));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> damaged(ObjectFaultException error) {
    LOG.error("{}", error.getMessage());
    return problem(HttpStatus.INTERNAL_SERVER_ERROR, sentence(error));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> mistyped(MethodArgumentTypeMismatchException error) {
    return problem(
        HttpStatus.BAD_REQUEST,
        "'%s' is not a value for the parameter '%s'".formatted(error.getValue(), error.getName()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException error) {
    return problem(
        HttpStatus.BAD_REQUEST, "The body is not the JSON that this request takes; see the API");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unexpected(Exception error, HttpServletRequest request) {
    if (error instanceof ErrorResponse known) {
      return ResponseEntity.status(known.getStatusCode())
          .headers(known.getHeaders())
          .body(known.getBody());
    }
    LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), error);
    return problem(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "The server failed to answer; its log says why, and trying again may help");
  }

  private static String sentence(RuntimeException error) {
    return Objects.requireNonNullElse(error.getMessage(), "The request cannot be answered");
  }

  private static ResponseEntity<ProblemDetail> problem(HttpStatusCode status, String detail) {
    return new ResponseEntity<>(
        ProblemDetail.forStatusAndDetail(status, detail), new HttpHeaders(), status);
  }
}
