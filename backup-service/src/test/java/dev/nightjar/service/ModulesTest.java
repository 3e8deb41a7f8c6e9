package dev.nightjar.service;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** One package a module: no cycles between them, and nobody looks into another one's nested packages. */
class ModulesTest {

    @Test
    void modulesKeepToTheirBoundaries() {
        ApplicationModules.of(NightjarApplication.class).verify();
    }
}
