package dev.nightjar.service.config;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Lets components have small recurring work of their own; policies' schedules are Quartz's. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class BackgroundWork {}
