package dev.modelflow.web.page;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The dashboard. */
@Configuration(proxyBeanMethods = false)
@Import({Format.class})
public class PageConfiguration {}
