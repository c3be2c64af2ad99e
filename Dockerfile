FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its install script here: the embedded PostgreSQL is not for containers.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run -s build && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/schema ./schema
COPY --from=build /app/platform/sql ./platform/sql
COPY --from=build /app/ledger/sql ./ledger/sql
COPY --from=build /app/identity/sql ./identity/sql
COPY --from=build /app/subgraphs ./subgraphs
COPY --from=build /app/pictures ./pictures
USER node
EXPOSE 4000
# PORT is the port of the part that runs.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/coalition.js"]
CMD ["gateway"]
