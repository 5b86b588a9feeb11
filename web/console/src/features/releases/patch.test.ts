import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { release } from "../../../test/training";
import { patchRelease } from "./patch";
import { releasesQuery } from "./queries";

function cacheWith(...releases: ReturnType<typeof release>[]) {
  const cache = new QueryClient();
  cache.setQueryData(releasesQuery.queryKey, releases);
  return { cache, shown: () => cache.getQueryData(releasesQuery.queryKey)?.[0] };
}

const training = release({ id: 7, state: "training", step: "learning", progress: 10 });

test("a training is shown to advance", () => {
  const { cache, shown } = cacheWith(training);

  patchRelease(cache, { id: 7, state: "training", step: "testing", progress: 80 });

  expect(shown()).toMatchObject({ step: "testing", progress: 80, number: training.number });
});

test("late news does not set a training back", () => {
  const { cache, shown } = cacheWith({ ...training, progress: 95, step: "writing" });

  patchRelease(cache, { id: 7, state: "training", step: "learning", progress: 10 });

  expect(shown()).toMatchObject({ step: "writing", progress: 95 });
});

test("a release that is in use is not made a candidate again", () => {
  const { cache, shown } = cacheWith(release({ id: 7, state: "released" }));

  patchRelease(cache, { id: 7, state: "candidate", step: "writing", progress: 100 });

  expect(shown()?.state).toBe("released");
});

test("news of a release that is not shown changes nothing", () => {
  const { cache, shown } = cacheWith(training);

  patchRelease(cache, { id: 8, state: "training", step: "testing", progress: 80 });

  expect(shown()).toEqual(training);
});
