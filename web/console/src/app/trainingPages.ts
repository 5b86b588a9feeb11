/** The pages for trainers, in a file that is fetched when they are first opened. */
export { DiscoveryPage } from "../routes/training/DiscoveryPage";
export { ExamplesPage } from "../routes/training/ExamplesPage";
export { PlaygroundPage } from "../routes/training/PlaygroundPage";
export { ReleasePage } from "../routes/training/ReleasePage";
export { ReleasesPage } from "../routes/training/ReleasesPage";
export { ReviewsPage } from "../routes/training/ReviewsPage";
export { TrainingLayout } from "../routes/training/TrainingLayout";
