/**
 * The page's entry. Its two parts, React and all that is ours, are fetched together and evaluated one by one: on a slow
 * device each takes a while, and in between the browser answers.
 */
import './styles/index.css';
import 'react-dom/client';

// Not awaited here, or the build would have to keep this file apart from whatever else imports React.
void import('./start.tsx').then(({ start }) => setTimeout(start));
