// PyPI appwrite 27.
import { story } from './story.mjs';

story('27');
