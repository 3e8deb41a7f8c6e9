package dev.nightjar.service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The appliance as a process. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class NightjarApplication {

    /** Starts the appliance and returns once it answers; it then runs until the process is told to end. */
    public static void main(String[] arguments) {
        SpringApplication.run(NightjarApplication.class, arguments);
    }
}
