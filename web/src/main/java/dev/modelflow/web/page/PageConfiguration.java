package dev.modelflow.web.page;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The dashboard. */
@Configuration(proxyBeanMethods = false)
@Import({
  Format.class,
  Icons.class,
  PageModel.class,
  PageErrors.class,
  Failures.class,
  RunsPage.class,
  RunPage.class,
  TreePage.class,
  ArtifactPage.class,
  WorkersPage.class,
  StartPage.class,
  DerivePage.class,
  ActionPage.class,
  Submissions.class
})
public class PageConfiguration {}
