# syntax=docker/dockerfile:1

# Builds the appliance from source; nothing of the build is left in the image that runs.
FROM node:22-bookworm-slim AS node

FROM maven:3.9-eclipse-temurin-25 AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 --mount=type=cache,target=/root/.npm \
    mvn -B -ntp -q -pl backup-service -am -DskipTests -Dspotless.check.skip=true package \
    && mv backup-service/target/backup-service-*-exec.jar /nightjar.jar \
    && java -Djarmode=tools -jar /nightjar.jar extract --destination /app

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 nightjar \
    && useradd --system --uid 10001 --gid nightjar --home-dir /var/lib/nightjar --shell /usr/sbin/nologin nightjar \
    && install -d -o nightjar -g nightjar -m 0700 /var/lib/nightjar /var/lib/nightjar/repository
COPY --from=build /app /app
USER nightjar
WORKDIR /var/lib/nightjar
VOLUME /var/lib/nightjar
EXPOSE 8740

# A container listens on all of its own addresses; publish the port on the host's loopback interface only, as docker-compose.yml
# does. There are no users yet, so whoever reaches the port may do everything.
ENV NIGHTJAR_DATADIRECTORY=/var/lib/nightjar \
    SERVER_ADDRESS=0.0.0.0

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8740 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]

ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:G1HeapRegionSize=4m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseCompactObjectHeaders", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "/app/nightjar.jar"]
