// PyPI appwrite 13.
import { story } from './story.mjs';

story('13');
