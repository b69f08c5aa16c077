# Two images from one file:
#   docker build -t facemetric .                       with the native TensorFlow.js backend
#   docker build -t facemetric:slim --target slim .    without it: the onnx runtime alone, a quarter of the size
# Both on x86-64 and arm64.

FROM docker.io/library/node:24-bookworm-slim AS base
WORKDIR /app

# JavaScript is the same on every processor, so it is made on the builder's own.
FROM --platform=$BUILDPLATFORM docker.io/library/node:24-bookworm-slim AS compile
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY . .
RUN npx tsc -p tsconfig.json --sourceMap false --declaration false --incremental false \
 && npx tsc -p page --sourceMap false --declaration false --incremental false \
 && npx asc --target release \
 && chmod 755 dist/cli.js

# What production needs, without TensorFlow.js: the lock file's versions of all the rest.
FROM base AS modules-slim
COPY package.json package-lock.json .npmrc ./
RUN npm pkg delete 'optionalDependencies[@tensorflow/tfjs-node]' optionalDependencies.node-api-headers \
 && npm install --omit=dev --no-audit
COPY --from=compile /app/dist/scripts/image/ dist/scripts/image/
RUN node dist/scripts/image/prune-modules.js

# What production needs, with TensorFlow.js and its native backend, compiled here.
FROM base AS modules-full
RUN apt-get update && apt-get install -y --no-install-recommends g++ python3-pip && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit
COPY --from=compile /app/dist/ dist/
RUN node dist/scripts/setup-tensorflow.js && node dist/scripts/image/prune-modules.js

# Debian and Node without what only builds need: package managers of Node, caches, manuals, programs that change the user.
FROM base AS system
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* \
      /opt/yarn* /usr/local/include /usr/local/share/doc /usr/local/share/man /usr/local/*.md \
      /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian /var/cache/* /var/lib/apt/lists/* /var/log/* /app \
 && find /usr/share/doc -type f ! -name copyright -delete \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && ln -s /app/dist/cli.js /usr/local/bin/facemetric

# One layer for it: what is deleted above is not in the image at all.
FROM scratch AS service
COPY --from=system / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY weights/ weights/
COPY public/ public/
COPY --from=compile /app/dist/ dist/
# The node user. As a number, so that Kubernetes sees that it is not root.
USER 1000:1000
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/scripts/image/health-check.js"]
CMD ["node", "dist/server.js"]
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Facemetric" \
      org.opencontainers.image.description="Self-hosted face verification: two photos in, one answer out" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"

FROM service AS slim
COPY --from=modules-slim /app/node_modules/ node_modules/
ENV FACEMETRIC_ENGINE=onnx

FROM service AS full
COPY --from=modules-full /app/node_modules/ node_modules/
